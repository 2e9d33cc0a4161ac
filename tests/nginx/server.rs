//! A small HTTP server that keeps what it received as it was received: request
//! lines as raw bytes, every header, and how many connections were opened.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One request, as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The request target, byte for byte.
    pub(crate) target: String,
    /// Names as sent.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let same = |header: &&(String, String)| header.0.eq_ignore_ascii_case(name);
        self.headers.iter().filter(same).map(|(_, value)| value.as_str()).collect()
    }

    /// The one value of a header; none if it is missing or there are several.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        match self.all(name).as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }
}

type Respond = dyn Fn(&Request) -> Answer + Send + Sync;

/// A running server; it ends with its value.
pub(crate) struct Server {
    address: Option<SocketAddr>,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    /// Both halves of every connection, so that stopping closes them.
    open: Mutex<Vec<Stream>>,
    stopped: std::sync::atomic::AtomicBool,
}

impl Server {
    /// Listens on a free port of the loopback.
    pub(crate) fn tcp(respond: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let accept = move || listener.accept().map(|(stream, _)| Stream::Tcp(stream));
        Self { address: Some(address), log: run(accept, Arc::new(respond)) }
    }

    /// Listens on a Unix socket.
    pub(crate) fn unix(path: &Path, respond: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = UnixListener::bind(path).unwrap();
        listener.set_nonblocking(true).unwrap();
        let accept = move || listener.accept().map(|(stream, _)| Stream::Unix(stream));
        Self { address: None, log: run(accept, Arc::new(respond)) }
    }

    /// `127.0.0.1:port` of a TCP server.
    pub(crate) fn address(&self) -> String {
        self.address.expect("a TCP server").to_string()
    }

    /// Everything that was received so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.requests.lock().unwrap().clone()
    }

    /// How many connections were opened so far.
    pub(crate) fn connections(&self) -> usize {
        self.log.connections.load(Ordering::SeqCst)
    }

    /// Forgets what was received.
    pub(crate) fn forget(&self) {
        self.log.requests.lock().unwrap().clear();
    }

    /// Closes the port and every connection.
    pub(crate) fn stop(&self) {
        self.log.stopped.store(true, Ordering::SeqCst);
        for stream in self.log.open.lock().unwrap().drain(..) {
            stream.close();
        }
        // The accepting thread looks every few milliseconds; then the port is free.
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.log.stopped.store(true, Ordering::SeqCst);
    }
}

fn run(accept: impl Fn() -> std::io::Result<Stream> + Send + 'static, respond: Arc<Respond>) -> Arc<Log> {
    let log = Arc::new(Log::default());
    let shared = Arc::clone(&log);
    std::thread::spawn(move || {
        while !shared.stopped.load(Ordering::SeqCst) {
            let Ok(stream) = accept() else {
                std::thread::sleep(Duration::from_millis(2));
                continue;
            };
            stream.set_blocking();
            shared.connections.fetch_add(1, Ordering::SeqCst);
            shared.open.lock().unwrap().push(stream.again());
            let (log, respond) = (Arc::clone(&shared), Arc::clone(&respond));
            std::thread::spawn(move || serve(stream, &log, &*respond));
        }
    });
    log
}

/// Answers one connection's requests until it ends.
fn serve(stream: Stream, log: &Log, respond: &Respond) {
    let mut writer = stream.again();
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader) {
        let answer = respond(&request);
        let head_only = request.method == "HEAD";
        log.requests.lock().unwrap().push(request);
        let mut bytes = format!("HTTP/1.1 {} Stub\r\n", answer.status).into_bytes();
        for (name, value) in &answer.headers {
            bytes.extend(format!("{name}: {value}\r\n").as_bytes());
        }
        if answer.status != 304 {
            bytes.extend(format!("Content-Length: {}\r\n", answer.body.len()).as_bytes());
        }
        bytes.extend(b"\r\n");
        if !head_only {
            bytes.extend(&answer.body);
        }
        if writer.write_all(&bytes).is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let first = read_line(reader)?;
    let mut words = first.splitn(3, ' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Request { method, target, headers, body: Vec::new() };
    let length = request.header("Content-Length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

/// One line, each byte as the character of its number, so that nothing is lost.
fn read_line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line).ok()? == 0 {
        return None;
    }
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Some(line.iter().map(|byte| char::from(*byte)).collect())
}

enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    fn again(&self) -> Self {
        match self {
            Self::Tcp(stream) => Self::Tcp(stream.try_clone().unwrap()),
            Self::Unix(stream) => Self::Unix(stream.try_clone().unwrap()),
        }
    }

    fn set_blocking(&self) {
        match self {
            Self::Tcp(stream) => stream.set_nonblocking(false).unwrap(),
            Self::Unix(stream) => stream.set_nonblocking(false).unwrap(),
        }
    }

    fn close(&self) {
        let _already_gone = match self {
            Self::Tcp(stream) => stream.shutdown(std::net::Shutdown::Both),
            Self::Unix(stream) => stream.shutdown(std::net::Shutdown::Both),
        };
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.read(buffer),
            Self::Unix(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.write(buffer),
            Self::Unix(stream) => stream.write(buffer),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.flush(),
            Self::Unix(stream) => stream.flush(),
        }
    }
}
