// Canvas Panel of react-iiif-vault with its own client of the Authorization Flow 2.0. Theirs is all of the flow; ours
// are the two buttons, which a viewer that is built with it has to bring.

import { createRoot } from "react-dom/client";
import { CanvasPanel, useCurrentAuth } from "react-iiif-vault";

const manifest = new URLSearchParams(location.search).get("manifest");

function Session() {
    const { authItems, currentAuth, login, logout } = useCurrentAuth();
    const item = authItems[currentAuth];
    return (
        <p id="session">
            {item?.isLoggedIn && <button onClick={logout}>Log out</button>}
            {item && !item.isLoggedIn && <button onClick={login}>Log in</button>}
        </p>
    );
}

// Canvas Panel has the provider of the flow inside, so the buttons stand inside as well.
createRoot(document.getElementById("viewer")).render(
    <CanvasPanel manifest={manifest} height={760} header={<Session />} />,
);
