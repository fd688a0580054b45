//! The vocabulary: parsed types with private fields, and the rules of a letter's life.
//!
//! Nothing here does I/O or knows a framework. A value of one of these types is known to be good,
//! because the only way to make it is to parse it; time is always an argument.

mod access;
mod address;
mod address_range;
mod audit;
mod boundary;
mod chamber;
mod civic;
mod clock;
mod consents;
mod counts;
mod district;
mod email;
mod forecast;
mod form;
mod found;
mod letter;
mod line;
mod measure;
mod pause;
mod position;
mod pulse;
mod retry;
mod sending_hours;
mod slug;
mod stand;
mod steering;
mod token;
mod us_state;
mod visible;
mod web_server;
mod webhook;
mod zip;

pub use access::{ApiScope, Role, UnknownRole};
pub use address::{PostalAddress, is_po_box};
pub use address_range::{AddressRange, Parity, Side, StreetName, StreetRecords};
pub use audit::{Actor, AuditAction, AuditEntry};
pub use boundary::{Boundary, Layer, LonLat, OfficeMarks};
pub use chamber::{Chamber, UnknownChamber};
pub use civic::{DistrictName, Municipality, Person, PlaceName};
pub use clock::{Clock, Day, NotADay, TimeZone, Timestamp, UnknownTimeZone};
pub use consents::{Consent, Consents, first_name};
pub use counts::{Dimension, Ladder, LetterCounts, Metric};
pub use district::{DistrictKey, ordinal, plain_district_name};
pub use email::{EmailAddress, EmailError};
pub use forecast::Pace;
pub use form::{Applicant, Field, FieldError, FieldErrors, SignupForm};
pub use found::{Doubt, FoundBy};
pub use letter::{
    ForbiddenMove, HeldBecause, LetterAct, MessageKind, MessageState, ReturnCause, ReturnKind, StateGroup, UnknownWord,
};
pub use line::{LineError, PersonName, STORY_MAX_CHARS, Story, TownName, fold};
pub use measure::{Ask, BillNumbers, NoBill, UnknownAsk};
pub use pause::{Pause, PauseKind, PauseScope};
pub use position::{Act, Position, UnknownAct};
pub use pulse::{Pulse, Pulses};
pub use retry::RetrySchedule;
pub use sending_hours::{HoursError, SendingHours};
pub use slug::{Slug, SlugError};
pub use stand::{Stand, Standing};
pub use steering::{Dates, OfficePace, OwnPace, PaceError, Reason, ReasonError, StaffPause, StaffPauseOf};
pub use token::{Token, TokenHash};
pub use us_state::{UnknownState, UsState};
pub use visible::{has_letter, is_seen};
pub use web_server::may_be_asked;
pub use webhook::{EventKind, GIVE_UP_AFTER, is_public, may_be_told, wait_after};
pub use zip::{Zip, ZipError};
