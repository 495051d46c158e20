//! Asks the site as a browser does, without one.

use crate::fixture::World;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

/// One answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a hidden field of the first form that has one of this name.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.text.split_once(&mark).unwrap_or_else(|| panic!("no field {name} in {}", self.text));
        rest.split('"').next().unwrap_or_default().to_owned()
    }

    /// What people read: without tags.
    pub fn visible(&self) -> String {
        let body = self.text.split_once("<body>").map_or(self.text.as_str(), |(_, body)| body);
        let mut out = String::new();
        let mut inside = false;
        for letter in body.chars() {
            match letter {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    out.push(' ');
                }
                _ if !inside => out.push(letter),
                _ => {}
            }
        }
        out
    }
}

/// A browser with a cookie line.
pub struct Browser {
    router: Router,
    pub cookie: String,
}

impl Browser {
    /// Nobody is signed in.
    pub fn guest(world: &World) -> Browser {
        Browser { router: web::router(world.store.clone(), world.site()), cookie: String::new() }
    }

    /// Signed in with this account, with more cookies behind (`; sw_language=en`).
    pub fn of(world: &World, account: &str, more: &str) -> Browser {
        Browser { router: web::router(world.store.clone(), world.site()), cookie: world.cookie(account) + more }
    }

    /// A browser at any site, with this cookie.
    pub fn at(router: Router, cookie: String) -> Browser {
        Browser { router, cookie }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form; `token`: the form token.
    pub async fn post(&self, path: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("form_token={token}");
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", escape(value)));
        }
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// Sends the form of the import page, the file last.
    pub async fn upload(&self, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Answer {
        self.upload_to("/import", fields, name, content).await
    }

    /// Sends a form with one file, the file last.
    pub async fn upload_to(&self, path: &str, fields: &[(&str, &str)], name: &str, content: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (field, value) in fields {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        body.extend(
            format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n--edge--\r\n");
        let request = Request::post(path).header("content-type", "multipart/form-data; boundary=edge");
        self.send(request, Body::from(body)).await
    }

    /// Sends a form in parts; `files`: field, name and content of each. The form token goes first.
    pub async fn parts(
        &self,
        path: &str,
        token: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (field, value) in [("form_token", token)].iter().chain(fields) {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (field, name, content) in files {
            let head = format!("Content-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"");
            body.extend(format!("--edge\r\n{head}\r\n\r\n").bytes());
            body.extend(*content);
            body.extend(b"\r\n");
        }
        body.extend(b"--edge--\r\n");
        let request = Request::post(path).header("content-type", "multipart/form-data; boundary=edge");
        self.send(request, Body::from(body)).await
    }

    pub async fn send(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request.header("cookie", &self.cookie).body(body).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 * 1024 * 1024).await.expect("a body");
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
