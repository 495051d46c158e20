//! What a request sends as a form, read as far as is needed: its token first, the rest only where it is not taken.

use crate::http::form::{FORM_BYTES_MAX, text_within};
use crate::http::trouble::PageError;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use futures::StreamExt;
use store::UNSENT_BYTES_MAX;

/// Bytes of a plain form at most; forms are kept up to this size.
const PLAIN_BYTES_MAX: usize = 1 << 20;
/// Bytes within which the token of a form in parts stands: it is the first part.
const TOKEN_BYTES_MAX: usize = 4096;

/// A request whose token has been read.
pub struct SentToken {
    pub token: String,
    /// The request, whole again.
    pub request: Request,
}

/// Everything that was typed.
#[derive(Default)]
pub struct SentFields {
    pub fields: Vec<(String, String)>,
    /// Files that came with it.
    pub files: u32,
}

/// Reads the token of a form; where there is none, or what was sent is no form, it is empty.
///
/// # Errors
/// `FormTooLarge` for a plain form that no page sends.
pub async fn token_of(request: Request) -> Result<SentToken, PageError> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        let (parts, body) = request.into_parts();
        let (begin, body) = first_part(body).await;
        return Ok(SentToken { token: token_in(&begin), request: Request::from_parts(parts, body) });
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, PLAIN_BYTES_MAX).await.map_err(|_| PageError::FormTooLarge)?;
    let whole = |bytes: Bytes| Request::from_parts(parts.clone(), Body::from(bytes));
    let token = plain(whole(bytes.clone())).await.into_iter().find(|(name, _)| name == "form_token");
    Ok(SentToken { token: token.map(|(_, token)| token.trim().to_owned()).unwrap_or_default(), request: whole(bytes) })
}

/// Reads everything that was typed, and counts the files. What breaks off is taken as far as it came.
pub async fn fields_of(mut request: Request) -> SentFields {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut sent = SentFields::default();
    if !kind.starts_with("multipart/form-data") {
        sent.fields = plain(request).await;
        return sent;
    }
    DefaultBodyLimit::max(FORM_BYTES_MAX).apply(&mut request);
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return sent };
    let mut bytes = 0;
    while let Ok(Some(mut field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(file) = field.file_name() {
            sent.files += u32::from(!file.is_empty());
            while let Ok(Some(_)) = field.chunk().await {}
            continue;
        }
        let most = (2 * UNSENT_BYTES_MAX).saturating_sub(bytes + name.len());
        let Ok(Some(text)) = text_within(field, most).await else { break };
        bytes += name.len() + text.len();
        sent.fields.push((name, text));
    }
    sent
}

async fn plain(request: Request) -> Vec<(String, String)> {
    Form::<Vec<(String, String)>>::from_request(request, &()).await.map(|form| form.0).unwrap_or_default()
}

/// The beginning of a body, up to the end of its first part, and the body whole again.
async fn first_part(body: Body) -> (Vec<u8>, Body) {
    let mut stream = body.into_data_stream();
    let mut begin = Vec::new();
    let mut broken = None;
    while begin.len() < TOKEN_BYTES_MAX && token_in(&begin).is_empty() {
        match stream.next().await {
            Some(Ok(chunk)) => begin.extend_from_slice(&chunk),
            Some(Err(error)) => {
                broken = Some(Err(error));
                break;
            }
            None => break,
        }
    }
    let first = futures::stream::iter([Ok(Bytes::from(begin.clone()))].into_iter().chain(broken));
    (begin, Body::from_stream(first.chain(stream)))
}

/// The token in the first part of a form, where that part is whole and is the token.
fn token_in(begin: &[u8]) -> String {
    let begin = &begin[..begin.len().min(TOKEN_BYTES_MAX)];
    let text = String::from_utf8_lossy(begin);
    let Some((head, rest)) = text.split_once("\r\n\r\n") else { return String::new() };
    let is_token = head.split([';', '\r', '\n']).any(|word| word.trim() == "name=\"form_token\"");
    let token = rest.split_once("\r\n").filter(|_| is_token).map(|(token, _)| token.trim());
    token.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{fields_of, first_part, token_in, token_of};
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;

    const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\nab.cd\r\n\
        --b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\n一句\r\n话\r\n\
        --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n1,2\r\n\
        --b\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--b--\r\n";

    fn in_pieces(length: usize) -> Body {
        let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
            FORM.as_bytes().chunks(length).map(|piece| Ok(piece.to_vec())).collect();
        Body::from_stream(futures::stream::iter(pieces))
    }

    fn request(kind: &str, body: Body) -> Request {
        Request::post("/").header("content-type", kind).body(body).expect("a request")
    }

    #[tokio::test]
    async fn the_token_is_read_and_the_body_stays_whole_however_it_comes() {
        for length in [1, 7, 60, 10_000] {
            let sent = token_of(request("multipart/form-data; boundary=b", in_pieces(length))).await.expect("a form");
            assert_eq!(sent.token, "ab.cd", "{length}");
            let body = to_bytes(sent.request.into_body(), 10_000).await.expect("a body");
            assert_eq!(body, FORM.as_bytes(), "{length}");
        }
        let sent = token_of(request("application/x-www-form-urlencoded", Body::from("a=1&form_token=ab.cd&b=%20")))
            .await
            .expect("a form");
        assert_eq!(sent.token, "ab.cd");
        let body = to_bytes(sent.request.into_body(), 10_000).await.expect("a body");
        assert_eq!(body, "a=1&form_token=ab.cd&b=%20");
        let endless = Body::from(vec![b'x'; 100_000]);
        let (begin, body) = first_part(endless).await;
        assert_eq!((token_in(&begin), to_bytes(body, 200_000).await.expect("a body").len()), (String::new(), 100_000));
    }

    #[tokio::test]
    async fn everything_typed_is_read_and_files_are_only_counted() {
        let sent = fields_of(request("multipart/form-data; boundary=b", in_pieces(9))).await;
        let typed =
            [("form_token", "ab.cd"), ("note", "一句\r\n话")].map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!((sent.fields.as_slice(), sent.files), (&typed[..], 1));
        let sent = fields_of(request("application/x-www-form-urlencoded", Body::from("a=1&a=%E4%B8%80"))).await;
        assert_eq!(sent.fields, [("a", "1"), ("a", "一")].map(|(name, text)| (name.to_owned(), text.to_owned())));
        for kind in ["", "text/plain", "multipart/form-data"] {
            assert!(fields_of(request(kind, in_pieces(9))).await.fields.is_empty(), "{kind}");
        }
    }

    #[test]
    fn only_the_first_part_holds_the_token() {
        let first = "--b\r\nContent-Disposition: form-data; name=\"day\"\r\n\r\n2024\r\n".to_owned() + FORM;
        for wrong in ["", "--b\r\n", &FORM[..60], &first] {
            assert_eq!(token_in(wrong.as_bytes()), "", "{wrong}");
        }
    }
}
