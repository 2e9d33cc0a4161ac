//! (being built)
#[derive(Clone, Copy, Debug, Default)]
pub struct NginxVersion;
impl std::str::FromStr for NginxVersion {
    type Err = String;
    fn from_str(_: &str) -> Result<Self, String> {
        Ok(Self)
    }
}
pub fn http(_: &crate::config::SiteSettings, _: NginxVersion) -> String {
    String::new()
}
pub fn server(_: &crate::config::SiteSettings, _: NginxVersion) -> String {
    String::new()
}
