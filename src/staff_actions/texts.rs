//! A campaign's texts. A save is a new version, made of what is in force at that moment with the one text changed; it is
//! compiled before it is kept, so nothing that can't be used ever comes into force.

use std::time::Duration;

use super::{AuditDetail, StaffActions};
use crate::domain::{Actor, AuditAction, EmailAddress, Timestamp};
use crate::intake::{CampaignEntry, IntakeError, Sample};
use crate::render::{Campaign, CampaignText, TemplateError, TemplateFiles};
use crate::store::campaigns::{self, CampaignFiles, StoredCampaign};
use crate::store::staff_mails::{self, NewStaffMail};
use crate::store::{StoreError, Tx, versions};

/// How often a save begins anew because somebody else's came first.
const TRIES: usize = 5;

/// A text as it is to be.
#[derive(Clone)]
pub struct Edit {
    /// Which text.
    pub text: CampaignText,
    /// What it is to say; `None` takes it away.
    pub new: Option<String>,
    /// The version that the person began from.
    pub began_from: i32,
}

/// Somebody else changed the text meanwhile.
#[derive(Clone)]
pub struct Conflict {
    /// The version in force.
    pub version: i32,
    /// Who made the last change to this text.
    pub author: String,
    /// When.
    pub at: Timestamp,
    /// The text as it is now; `None`: it is gone.
    pub now: Option<String>,
}

/// What came of a save.
pub enum Saved {
    /// A new version is in force.
    Version(i32),
    /// The texts were like that already.
    Unchanged,
    /// Nothing was kept: the text is not any more what the person began from.
    Conflict(Box<Conflict>),
    /// Nothing was kept: the campaign could not be used like that.
    Refused(Vec<TemplateError>),
    /// There is no such version or text to begin from.
    Unknown,
}

impl StaffActions {
    /// Keeps one text of the campaign as a new version. Letters that were written before stay as they are.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn save_text(&self, who: &Actor, entry: &CampaignEntry, edit: Edit) -> Result<Saved, IntakeError> {
        let (path, id) = (edit.text.path(), entry.id);
        let (from, file) = (edit.began_from, path.clone());
        let begun =
            self.store.read(move |conn| Ok(versions::files(conn, id, from)?.map(|mut files| files.remove(&file)))).await?;
        let Some(begun) = begun else { return Ok(Saved::Unknown) };
        let deed = match (&begun, &edit.new) {
            (Some(_), Some(_)) => AuditAction::TextSaved,
            _ => AuditAction::LetterVariants,
        };
        let what = match edit.new {
            None => format!("took away \"{}\"", edit.text.name()),
            Some(_) if deed == AuditAction::LetterVariants => format!("added \"{}\"", edit.text.name()),
            Some(_) => edit.text.name(),
        };
        let change = |now: &StoredCampaign| {
            let there = now.files.get(&path);
            if there == edit.new.as_ref() {
                return Change::Nothing;
            }
            if there != begun.as_ref() {
                return Change::Conflicts(there.cloned());
            }
            let mut files = now.files.clone();
            match &edit.new {
                Some(text) => files.insert(path.clone(), text.clone()),
                None => files.remove(&path),
            };
            Change::To(files)
        };
        self.new_version(who, entry, (deed, &what), &path, change).await
    }

    /// Puts one text, or all of them, back as they were in an earlier version; that makes a new version.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn roll_back(
        &self,
        who: &Actor,
        entry: &CampaignEntry,
        text: Option<CampaignText>,
        to: i32,
    ) -> Result<Saved, IntakeError> {
        let id = entry.id;
        let Some(old) = self.store.read(move |conn| versions::files(conn, id, to)).await? else { return Ok(Saved::Unknown) };
        let path = text.map(CampaignText::path).unwrap_or_default();
        if text.is_some() && !old.contains_key(&path) {
            return Ok(Saved::Unknown);
        }
        let what = text.map_or_else(|| "all texts".to_owned(), CampaignText::name);
        let change = |now: &StoredCampaign| {
            let mut files = if text.is_none() { old.clone() } else { now.files.clone() };
            if let Some(before) = old.get(&path) {
                files.insert(path.clone(), before.clone());
            }
            if files == now.files { Change::Nothing } else { Change::To(files) }
        };
        self.new_version(who, entry, (AuditAction::RolledBack, &format!("{what} as in version {to}")), &path, change).await
    }

    /// Makes the version that `change` says, beginning anew where another one came first.
    async fn new_version(
        &self,
        who: &Actor,
        entry: &CampaignEntry,
        (deed, what): (AuditAction, &str),
        path: &str,
        change: impl Fn(&StoredCampaign) -> Change,
    ) -> Result<Saved, IntakeError> {
        let (id, slug) = (entry.id, entry.campaign.settings.slug.clone());
        for _ in 0..TRIES {
            let now = self.store.read(move |conn| campaigns::by_id(conn, id)).await?;
            let Some(now) = now else { return Ok(Saved::Unknown) };
            let files = match change(&now) {
                Change::Nothing => return Ok(Saved::Unchanged),
                Change::Conflicts(there) => return self.conflict(&now, path, there).await,
                Change::To(files) => files,
            };
            if let Err(errors) = fits(self.intake.templates(), &now, &files).await? {
                return Ok(Saved::Refused(errors));
            }
            let (from, author, at) = (now.version, who.name().to_owned(), self.clock.now());
            let (subject, detail) = (format!("campaign {slug}"), format!("version {}: {what}", from + 1));
            let add = move |tx: &mut crate::store::Tx<'_>| {
                let made = versions::add(tx, id, from, &files, &author, at)?;
                Ok((made, made.map(|_| AuditDetail::of(subject, detail))))
            };
            if let Some(made) = self.act(who, deed, add).await? {
                self.look_again().await;
                return Ok(Saved::Version(made));
            }
        }
        Err(StoreError::Busy.into())
    }

    async fn conflict(&self, now: &StoredCampaign, path: &str, there: Option<String>) -> Result<Saved, IntakeError> {
        let id = now.id;
        let mut last = self.store.read(move |conn| versions::last_changes(conn, id)).await?;
        let last = last.remove(path);
        let (author, at) = last.map_or_else(|| (String::new(), self.clock.now()), |version| (version.author, version.at));
        Ok(Saved::Conflict(Box::new(Conflict { version: now.version, author, at, now: there })))
    }
}

/// What is to become of the version in force.
enum Change {
    Nothing,
    /// The text is not what the change began from, but this.
    Conflicts(Option<String>),
    To(CampaignFiles),
}

/// Whether `files` may take the place of the version in force: letters can be written with them, and they are the same campaign.
async fn fits(
    templates: &TemplateFiles,
    now: &StoredCampaign,
    files: &CampaignFiles,
) -> Result<Result<(), Vec<TemplateError>>, StoreError> {
    let (templates, files, before, slug) = (templates.clone(), files.clone(), now.files.clone(), now.slug.clone());
    let check = move || {
        let settings = Campaign::accept(&files, &templates)?.settings;
        let mut errors = Vec::new();
        let mut wrong = |cause: &str| errors.push(TemplateError::new("campaign.toml", None, cause));
        if settings.slug != slug {
            wrong("slug: can't change, since links hold it; make a new campaign instead");
        }
        let zone = Campaign::compile(&before, &templates).map(|before| before.settings.time_zone_name);
        if zone.is_ok_and(|zone| zone != settings.time_zone_name) {
            wrong("time_zone: can't change once a campaign exists, since its days are already counted");
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    };
    tokio::task::spawn_blocking(check).await.map_err(|_| StoreError::Busy)
}

/// The most tests of one login in [`WINDOW`]: enough to try a letter, too few to fill anybody's mailbox.
const MOST_TESTS: i64 = 10;
const WINDOW: Duration = Duration::from_hours(1);
/// What the subject begins with, so that nobody takes it for a letter.
const MARK: &str = "[Test] ";

impl StaffActions {
    /// Sends the letter to the login's own address, marked as a test. It is no letter: nothing counts it. False when the login
    /// had too many within the hour.
    ///
    /// # Errors
    /// When the database can't keep it.
    pub async fn send_test(
        &self,
        who: &Actor,
        to: EmailAddress,
        entry: &CampaignEntry,
        sample: &Sample,
    ) -> Result<bool, StoreError> {
        let mail = NewStaffMail {
            campaign: entry.id,
            to,
            message_id: self.intake.message_id(),
            from_name: sample.from_name.clone(),
            subject: format!("{MARK}{}", sample.subject),
            text: sample.text.clone(),
        };
        let (slug, now) = (entry.campaign.settings.slug.clone(), self.clock.now());
        let detail = format!("as it goes to {}", sample.to);
        let queue = move |tx: &mut Tx<'_>| {
            let queued = staff_mails::queue(tx, &mail, MOST_TESTS, now.minus(WINDOW), now)?;
            Ok((queued, queued.then(|| AuditDetail::of(format!("campaign {slug}"), detail))))
        };
        self.act(who, AuditAction::TestSent, queue).await
    }
}
