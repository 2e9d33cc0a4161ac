use super::super::Names;
use super::super::testing::{conditions, mounts};
use super::*;

fn names() -> Names {
    Names::new(&conditions())
}

fn read_with(text: &str, table: &str) -> Result<Found, PolicyFileError> {
    let (names, mounts) = (names(), mounts());
    let table = Table::read(table, &names).unwrap();
    let mount = mounts.iter().find(|mount| Some(&mount.name) == table.mount.as_ref());
    read(text, &table, &Ground { mounts: &mounts, public_origin: "https://img.test", names: &names, mount })
}

/// `identifier conditions`, a line for each image.
fn listed(found: &Found) -> String {
    let lines = found.rules.iter().map(|rule| {
        assert_eq!((rule.mount.as_str(), rule.matching), ("images", crate::policy::rule::Match::Exact));
        format!("{} {}\n", rule.identifier, rule.conditions.join("|"))
    });
    lines.collect::<Vec<_>>().concat()
}

macro_rules! fixture {
    ($name:literal) => {
        (
            include_str!(concat!("../../../tests/fixtures/import/mets/", $name, ".xml")),
            include_str!(concat!("../../../tests/fixtures/import/mets/", $name, ".toml")),
            include_str!(concat!("../../../tests/fixtures/import/mets/", $name, ".expected")),
        )
    };
}

#[test]
fn u3_files_of_four_profiles_come_to_the_images_that_are_expected() {
    let fixtures =
        [fixture!("goobi"), fixture!("dfg-viewer"), fixture!("archivematica"), fixture!("metsrights")];
    for (file, table, expected) in fixtures {
        let found = read_with(file, table).unwrap();
        assert_eq!(listed(&found), expected);
        assert_eq!(found.remarks, Vec::<String>::new());
    }
}

#[test]
fn u3_a_text_without_a_meaning_is_a_fault_with_its_line_and_never_open() {
    let (file, table, _) = fixture!("goobi");
    let line_of = |word: &str| 1 + file.lines().position(|line| line.contains(word)).unwrap();
    let said = read_with(&file.replace("Clinical images", "Clinical image"), table).unwrap_err().to_string();
    let line = line_of("Clinical images");
    assert!(
        said.starts_with(&format!(
            "line {line}: accessCondition says \"Clinical image\", which the table does not map"
        )),
        "{said}"
    );
    // So is a type that the table knows nothing of, in any section, and everything that is not read.
    for (whole, part, word) in [
        ("type=\"status\">Clinical", "type=\"state\">Clinical", "type \"state\""),
        ("type=\"status\">Clinical images", "type=\"status\"><b>Clinical images</b>", "elements in it"),
        ("<dv:rights>", "<x:other xmlns:x=\"y\"/><dv:rights>", "rightsMD holds \"other\""),
        ("<dv:rights>", "<r:RightsDeclarationMD xmlns:r=\"y\"/><dv:rights>", "METSRights"),
        ("<dv:rights>", "<p:rightsStatement xmlns:p=\"info:lc/xmlns/premis-v2\"/><dv:rights>", "PREMIS"),
        (
            "<mets:rightsMD ID=\"RIGHTS\">",
            "<mets:rightsMD ID=\"RIGHTS\"><mets:mdRef LOCTYPE=\"URL\"/>",
            "mdRef",
        ),
        ("DMDID=\"DMDLOG_0003\"", "DMDID=\"DMDLOG_3\"", "no section of this ID"),
        ("ID=\"DMDLOG_0003\"", "ID=\"DMDLOG_0002\"", "stands twice"),
        ("FILEID=\"FILE_0003_OBJECTS\"", "FILEID=\"FILE_3\"", "no file of this ID"),
        ("xlink:to=\"PHYS_0005\"", "xlink:to=\"PHYS_5\"", "no division of this ID"),
        ("<mets:structLink>", "<mets:structLink><mets:smLinkGrp/>", "smLinkGrp"),
        ("href=\"objects/b90000012_0003.jp2\"", "href=\"elsewhere/3.jp2\"", "does not begin with"),
        ("href=\"objects/b90000012_0003.jp2\"", "href=\"objects/../3.jp2\"", "is no identifier here"),
        ("xlink:href=\"objects/b90000012_0003.jp2\"", "", "no xlink:href"),
        ("USE=\"OBJECTS\"", "USE=\"MASTERS\"", "the file has: MASTERS, ALTO"),
        ("<mets:mets ", "<mets:mats ", ""),
    ] {
        assert!(file.contains(whole), "{whole}");
        let error = read_with(&file.replacen(whole, part, 1), table).unwrap_err().to_string();
        assert!(error.starts_with("line ") && error.contains(word), "{part}: {error}");
    }
    let nameless = table.replace("mount = \"images\"", "");
    assert!(read_with(file, &nameless).unwrap_err().to_string().contains("no mount is named"));
}

#[test]
fn u3_what_stands_in_a_strange_place_does_not_open() {
    let open = work("Open", "", "", &links(&[("W", "P")]), PAGES);
    assert!(listed(&read_with(&open, TABLE).unwrap()).starts_with("p1 open\n"));
    let with = |rights: &str, table: &str| {
        let section =
            format!("<amdSec><rightsMD><mdWrap><xmlData>{rights}</xmlData></mdWrap></rightsMD></amdSec>");
        let text = open.replace("<fileSec>", &format!("{section}<fileSec>"));
        read_with(&text, &format!("{TABLE}\n{table}"))
    };
    let premis =
        "<rightsStatement><rightsGranted><restriction>Shut</restriction></rightsGranted></rightsStatement>";
    for space in ["", "http://www.loc.gov/PREMIS/v3"] {
        let said = with(&format!("<rights xmlns='{space}'>{premis}</rights>"), "[restriction]").unwrap_err();
        assert!(said.to_string().contains("the restriction says \"Shut\""), "{space}: {said}");
    }
    let none = with("<RightsDeclarationMD/>", "[context]").unwrap();
    assert!(listed(&none).starts_with("p1 closed\n"), "no context permits display");
    let source = "<sourceMD><mdWrap><xmlData><accessCondition type='status'>Closed</accessCondition></xmlData></mdWrap></sourceMD>";
    let said = read_with(&open.replace("<fileSec>", &format!("<amdSec>{source}</amdSec><fileSec>")), TABLE)
        .unwrap_err();
    assert!(said.to_string().contains("stands where it is not read"), "{said}");
    let ignored = source.replace("status", "use and reproduction");
    read_with(&open.replace("<fileSec>", &format!("<amdSec>{ignored}</amdSec><fileSec>")), TABLE).unwrap();
}

/// A link leads to one division alone, and the other might have been the closed one.
#[test]
fn u3_two_divisions_with_one_id_are_a_fault() {
    let text = work("Open", "Closed", "Open", &links(&[("A", "1")]), PAGES);
    assert!(listed(&read_with(&text, TABLE).unwrap()).starts_with("p1 closed\n"));
    let error = read_with(&text.replace("<div ID='B'", "<div ID='A'"), TABLE).unwrap_err().to_string();
    assert!(error.starts_with("line ") && error.contains("the ID \"A\" stands twice"), "{error}");
}

/// A work of three pages, with what its divisions say.
fn work(whole: &str, first: &str, second: &str, links: &str, pages: &str) -> String {
    let says = [("w", whole), ("a", first), ("b", second)].map(|(id, text)| {
        let said = if text.is_empty() {
            String::new()
        } else {
            format!("<accessCondition type='status'>{text}</accessCondition>")
        };
        format!("<dmdSec ID='{id}'><mdWrap><xmlData><mods>{said}</mods></xmlData></mdWrap></dmdSec>\n")
    });
    let files =
        (1..4).map(|n| format!("<file ID='f{n}'><FLocat href='p{n}'/></file>")).collect::<Vec<_>>().concat();
    format!(
        "<mets>{}<fileSec><fileGrp USE='x'>{files}</fileGrp></fileSec>
<structMap><div ID='W' DMDID='w'><div ID='A' DMDID='a'/><div ID='B' DMDID='b'/></div></structMap>
<structMap><div ID='P'>{pages}</div></structMap><structLink>{links}</structLink></mets>",
        says.concat()
    )
}

const PAGES: &str = "<div ID='1'><fptr FILEID='f1'/></div><div ID='2'><fptr FILEID='f2'/></div><div ID='3'><fptr FILEID='f3'/></div>";
const TABLE: &str = "mount = \"images\"\n[accessCondition.status]\nOpen = [\"open\"]\nReader = [\"reader\", \"staff\"]\nStaff = [\"staff\"]\nClinic = [\"clinic\"]\nClosed = [\"closed\"]";

fn links(all: &[(&str, &str)]) -> String {
    all.iter().map(|(from, to)| format!("<smLink from='{from}' to='{to}'/>")).collect::<Vec<_>>().concat()
}

#[test]
fn u3_the_stricter_of_all_divisions_that_claim_a_page_counts() {
    let of = |whole: &str, first: &str, second: &str, all: &[(&str, &str)]| {
        let found = read_with(&work(whole, first, second, &links(all), PAGES), TABLE).unwrap();
        listed(&found).replace('\n', "; ")
    };
    let apart = [("A", "1"), ("B", "2"), ("B", "3")];
    assert_eq!(
        of("Closed", "Open", "", &apart),
        "p1 open; p2 closed; p3 closed; ",
        "the nearest that says something"
    );
    let shared = [("A", "1"), ("A", "2"), ("B", "2"), ("B", "3")];
    assert_eq!(of("", "Open", "Staff", &shared), "p1 open; p2 staff; p3 staff; ");
    assert_eq!(of("", "Reader", "Staff", &shared), "p1 reader|staff; p2 staff; p3 staff; ");
    assert_eq!(of("", "Clinic", "Staff", &shared), "p1 clinic; p2 closed; p3 staff; ");
    let by_the_whole = [("W", "P"), ("A", "1")];
    assert_eq!(of("Closed", "Open", "", &by_the_whole), "p1 closed; p2 closed; p3 closed; ");
    assert_eq!(of("Open", "Closed", "", &by_the_whole), "p1 closed; p2 open; p3 open; ");
    let the_other_way_round = [("1", "A"), ("P", "W")];
    assert_eq!(of("Open", "Closed", "", &the_other_way_round), "p1 closed; p2 open; p3 open; ");
}

#[test]
fn the_note_of_a_rule_has_the_words_that_make_the_difference() {
    let notes = |first: &str, second: &str| {
        let all = links(&[("A", "1"), ("B", "1")]);
        let found = read_with(&work("", first, second, &all, PAGES), TABLE).unwrap();
        found.rules[0].note.clone()
    };
    assert_eq!(notes("Open", "Staff"), "Staff");
    assert_eq!(notes("Reader", "Staff"), "Staff");
    assert_eq!(notes("Staff", "Staff"), "Staff");
    assert_eq!(notes("Clinic", "Staff"), "Clinic, Staff", "it takes both to close it");
}

#[test]
fn what_is_lost_on_the_way_is_told() {
    let some = links(&[("A", "1")]);
    let found = read_with(&work("", "Open", "Closed", &some, PAGES), TABLE).unwrap();
    assert_eq!(listed(&found), "p1 open\n");
    assert_eq!(
        found.remarks,
        [
            "2 images of which nothing is said have no rule of their own: p2, p3",
            "1 division is restricted and has no page in this file: B",
        ]
    );
    let pages = "<div ID='1'><fptr FILEID='f1'/></div><div ID='2'><mptr href='volume2.xml'/></div>";
    let found = read_with(&work("Open", "", "", &links(&[("W", "P")]), pages), TABLE).unwrap();
    assert_eq!(
        found.remarks,
        [
            "2 images of which nothing is said have no rule of their own: p2, p3",
            "2 images belong to no division: p2, p3",
            "1 division is in another METS file (mptr), to be imported as well: 2",
        ]
    );
    let series =
        "<mets><structMap><div ID='s'><div ID='1'><mptr href='1.xml'/></div></div></structMap></mets>";
    let found = read_with(series, TABLE).unwrap();
    assert_eq!((found.rules.len(), found.remarks.len()), (0, 1));
    let empty = "<mets><structMap><div ID='s'/></structMap></mets>";
    assert!(read_with(empty, TABLE).unwrap_err().to_string().contains("the file has: no groups"));
    // A section that nothing names is about everything.
    let unnamed = work("", "Staff", "", "", PAGES).replace(" DMDID='a'", "");
    assert_eq!(listed(&read_with(&unnamed, TABLE).unwrap()), "p1 staff\np2 staff\np3 staff\n");
    let related = unnamed.replace(
        "<mods>",
        "<mods><relatedItem><accessCondition type='status'>Open</accessCondition></relatedItem>",
    );
    assert!(read_with(&related, TABLE).unwrap().remarks[0].starts_with("3 accessCondition of related items"));
}

#[test]
fn licences_count_only_where_the_table_has_them() {
    let (file, table, _) = fixture!("dfg-viewer");
    let without = table.split("[license]").next().unwrap().to_owned()
        + "[accessCondition.\"restriction on access\"]"
        + table.split("on access\"]").nth(1).unwrap();
    let found = read_with(file, &without).unwrap();
    assert_eq!(listed(&found), "1234567890/jpegs/00000003.tif closed\n");
    assert!(found.remarks[0].starts_with("3 images of which nothing is said"), "{:?}", found.remarks);
    let other = file.replace("<dv:license>reserved", "<dv:license>all rights reserved");
    assert!(
        read_with(&other, table).unwrap_err().to_string().contains("license says \"all rights reserved\"")
    );
}

#[test]
fn a_hostile_file_ends_soon() {
    // Every division is joined with every page by a hundred thousand links.
    let divisions = (0..300).map(|n| format!("<div ID='d{n}' DMDID='s'/>")).collect::<Vec<_>>().concat();
    let pages =
        (0..300).map(|n| format!("<div ID='p{n}'><fptr FILEID='f'/></div>")).collect::<Vec<_>>().concat();
    let joined = (0..90_000)
        .map(|n| format!("<smLink from='d{}' to='p{}'/>", n / 300, n % 300))
        .collect::<Vec<_>>()
        .concat();
    let text = format!(
        "<mets><dmdSec ID='s'><mdWrap><xmlData><accessCondition type='status'>Staff</accessCondition></xmlData></mdWrap></dmdSec>
<fileSec><fileGrp><file ID='f'><FLocat href='p'/></file></fileGrp></fileSec>
<structMap><div>{divisions}</div></structMap><structMap><div>{pages}</div></structMap><structLink>{joined}</structLink></mets>"
    );
    assert_eq!(listed(&read_with(&text, TABLE).unwrap()), "p staff\n");
}
