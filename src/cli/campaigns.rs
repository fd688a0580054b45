//! `standout campaigns`: folders in and out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use clap::Subcommand;

use super::{Context, Failed, open};
use crate::domain::{Actor, AuditAction, AuditEntry, Slug};
use crate::render::Campaign;
use crate::store::campaigns::{self, CampaignFiles, Imported};
use crate::store::{Tx, audit};

#[derive(Subcommand)]
pub(super) enum CampaignsCommand {
    /// Read a campaign folder into the database as a new version; a running service uses it within seconds
    Import {
        /// The folder with campaign.toml, page.md and letters/
        dir: PathBuf,
    },
    /// Write the version in force into a folder
    Export {
        /// The campaign's short name, as in its web address: ma-287g
        slug: String,
        /// The folder to write; made where it is missing
        dir: PathBuf,
    },
    /// List the campaigns, their versions, and whether they are open
    List,
}

/// The most bytes of a file that is read at all; how long a text may be is for [`Campaign::accept`] to say.
const FILE_MAX_BYTES: u64 = 1024 * 1024;
/// What a campaign's folder is made of.
const KINDS: [&str; 3] = [".toml", ".md", ".hbs"];

pub(super) fn run(command: CampaignsCommand) -> Result<(), Failed> {
    let context = open()?;
    match command {
        CampaignsCommand::Import { dir } => import(&context, &dir),
        CampaignsCommand::Export { slug, dir } => export(&context, &slug, &dir),
        CampaignsCommand::List => list(&context),
    }
}

fn import(context: &Context, dir: &Path) -> Result<(), Failed> {
    let mut files = CampaignFiles::new();
    collect(dir, dir, &mut files)?;
    let campaign = Campaign::accept(&files, &context.templates()).map_err(|errors| {
        let lines: Vec<_> = errors.iter().map(|error| format!("  {error}")).collect();
        Failed(format!("the campaign in {} can't be used, nothing was changed:\n{}", dir.display(), lines.join("\n")))
    })?;
    let settings = campaign.settings;
    let (slug, zone, now) = (settings.slug.clone(), settings.time_zone_name, context.clock.now());
    let known = slug.clone();
    if let Some(before) = context.store.read_blocking(move |conn| campaigns::find(conn, &known))? {
        let before = Campaign::compile(&before.files, &context.templates());
        if before.is_ok_and(|before| before.settings.time_zone_name != zone) {
            return Err(Failed("campaign.toml: time_zone can't change once a campaign exists: its days are already counted. Put the old one back".into()));
        }
    }
    let name = slug.clone();
    let import = move |tx: &mut Tx<'_>| {
        let who = Actor::CommandLine;
        let imported = campaigns::import(tx, &slug, &zone, &files, who.name(), now)?;
        if let Imported::Version(version) = imported {
            let (subject, detail) = (format!("campaign {slug}"), format!("version {version}"));
            audit::note(tx, &AuditEntry { who, deed: AuditAction::CampaignImported, subject, detail }, now)?;
        }
        Ok(imported)
    };
    match context.store.write_blocking(import)? {
        Imported::Unchanged(version) => println!("{name}: nothing has changed; version {version} stays in force."),
        Imported::Version(version) => {
            println!("{name}: version {version} is in force. Letters that were signed before stay as they are.");
        }
    }
    Ok(())
}

fn collect(folder: &Path, root: &Path, files: &mut CampaignFiles) -> Result<(), Failed> {
    let at = |path: &Path, error: &dyn std::fmt::Display| Failed(format!("{} can't be read: {error}", path.display()));
    for entry in fs::read_dir(folder).map_err(|error| at(folder, &error))? {
        let path = entry.map_err(|error| at(folder, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, root, files)?;
        } else if KINDS.iter().any(|kind| name.ends_with(kind)) {
            if path.metadata().map_err(|error| at(&path, &error))?.len() > FILE_MAX_BYTES {
                return Err(at(&path, &"it is longer than 1 MiB, which no page or letter is"));
            }
            let text = fs::read_to_string(&path).map_err(|error| at(&path, &error))?;
            let inside = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(inside, text);
        }
    }
    Ok(())
}

fn export(context: &Context, slug: &str, dir: &Path) -> Result<(), Failed> {
    let slug = Slug::parse(slug)?;
    let wanted = slug.clone();
    let found = context.store.read_blocking(move |conn| campaigns::find(conn, &wanted))?;
    let campaign =
        found.ok_or_else(|| Failed(format!("there is no campaign \"{slug}\"; `standout campaigns list` names them")))?;
    for (path, text) in &campaign.files {
        if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(Failed(format!("the campaign holds a file \"{path}\", which would lie outside {}", dir.display())));
        }
        let target = dir.join(path);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&target, text).map_err(|error| Failed(format!("{} can't be written: {error}", target.display())))?;
    }
    println!("{slug}: version {} is in {} ({} files).", campaign.version, dir.display(), campaign.files.len());
    Ok(())
}

fn list(context: &Context) -> Result<(), Failed> {
    let now = context.clock.now();
    let templates = context.templates();
    let rows: BTreeMap<String, (i32, String)> = context
        .store
        .read_blocking(campaigns::all)?
        .into_iter()
        .map(|stored| {
            let state = match Campaign::compile(&stored.files, &templates) {
                Ok(campaign) if campaign.settings.is_open(now) => "open".to_owned(),
                Ok(_) => "closed".to_owned(),
                Err(errors) => format!("can't be used: {}", errors.first().map(ToString::to_string).unwrap_or_default()),
            };
            (stored.slug.to_string(), (stored.version, state))
        })
        .collect();
    if rows.is_empty() {
        println!("No campaigns yet. `standout campaigns import DIR` reads one in.");
    }
    for (slug, (version, state)) in rows {
        println!("{slug}\tversion {version}\t{state}");
    }
    Ok(())
}
