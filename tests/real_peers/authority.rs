//! A certificate authority of the test's own, made with openssl.

use std::path::PathBuf;
use std::process::Command;

use super::place::Place;

/// A certificate for `localhost`, and its key.
pub struct Certificate {
    pub chain: PathBuf,
    pub key: PathBuf,
}

/// An authority that nobody trusts unless told to.
pub struct Authority<'a> {
    place: &'a Place,
    name: &'static str,
}

impl<'a> Authority<'a> {
    pub fn new(place: &'a Place, name: &'static str) -> Self {
        let authority = Self { place, name };
        authority.request(&["-x509", "-days", "2", "-subj", &format!("/CN=The test's authority {name}")], "ca");
        authority
    }

    /// For `SSL_CERT_FILE`.
    pub fn root(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// Signs a certificate for `localhost`.
    pub fn certificate(&self) -> Certificate {
        self.request(&["-subj", "/CN=localhost"], "csr");
        let names =
            self.place.file(&format!("{}-names", self.name), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n");
        let (root, root_key, request) = (self.root(), self.path("ca.key"), self.path("csr.pem"));
        let mut command = Command::new("openssl");
        command.args(["x509", "-req", "-days", "2", "-CAcreateserial", "-in"]).arg(request);
        command
            .arg("-CA")
            .arg(root)
            .arg("-CAkey")
            .arg(root_key)
            .arg("-extfile")
            .arg(names)
            .arg("-out")
            .arg(self.path("cert.pem"));
        done(command);
        Certificate { chain: self.path("cert.pem"), key: self.path("csr.key") }
    }

    fn request(&self, more: &[&str], what: &str) {
        let mut command = Command::new("openssl");
        command.args(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]).args(more);
        command.arg("-keyout").arg(self.path(&format!("{what}.key"))).arg("-out").arg(self.path(&format!("{what}.pem")));
        done(command);
    }

    fn path(&self, file: &str) -> PathBuf {
        self.place.path().join(format!("{}-{file}", self.name))
    }
}

fn done(mut command: Command) {
    let ran = command.output().unwrap();
    assert!(ran.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ran.stderr));
}
