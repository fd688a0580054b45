//! Behind the pages: the tables, and the commands an operator uses beside the running service.

use std::path::PathBuf;
use std::process::{Command, Output};

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::app::TestApp;
use super::journey::CAMPAIGN;
use super::tables::Tables;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

impl TestApp {
    /// How many rows a table, or `table WHERE condition`, has.
    pub fn rows(&self, table: &str) -> i64 {
        let query = format!("SELECT COUNT(*) AS n FROM {table}");
        self.store.read_blocking(|conn| Ok(diesel::sql_query(query).get_result::<Number>(conn)?.n)).unwrap()
    }

    /// The service's tables.
    pub fn tables(&self) -> Tables {
        Tables::open(self.store.path())
    }

    /// Runs a command of the program on this service's data.
    pub fn standout(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_standout"));
        command.args(arguments).env_clear().env("DATA_DIR", self.dir.path()).current_dir(self.dir.path());
        command.output().unwrap()
    }

    /// The same, for a command that must succeed.
    pub fn command(&self, arguments: &[&str]) -> String {
        let output = self.standout(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The campaign's folder, written out to be changed.
    pub fn campaign_folder(&self) -> PathBuf {
        let folder = self.dir.path().join("campaign");
        self.command(&["campaigns", "export", "ma-287g", folder.to_str().unwrap()]);
        folder
    }

    /// Imports the campaign with another line in its `campaign.toml`, and waits until the service uses it.
    pub fn change_campaign(&self, line: &str) {
        let folder = self.campaign_folder();
        let settings = std::fs::read_to_string(folder.join("campaign.toml")).unwrap();
        let title = "title = \"A changed campaign\"";
        let settings = settings.replace("title = \"End 287(g) in Massachusetts\"", &format!("{title}\n{line}"));
        std::fs::write(folder.join("campaign.toml"), settings).unwrap();
        self.command(&["campaigns", "import", folder.to_str().unwrap()]);
        self.until("the import is in force", || self.get(CAMPAIGN).body.contains("<h1>A changed campaign</h1>"));
    }
}
