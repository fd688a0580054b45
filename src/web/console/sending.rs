//! What staff tell the sender about what mail servers have rest.

use actix_web::web;

use super::super::Web;
use super::super::response::{Answer, Failure, see_other};
use super::act::{Act, Button};
use super::session::Staff;
use super::words::Done;

/// `POST /staff/sending/resume`.
pub(super) async fn resume(web: web::Data<Web>, staff: Staff, _: Act<Button>) -> Answer {
    web.staff_actions.resume_sending(&staff.actor()).await?;
    Ok(see_other("/staff"))
}

/// `POST /staff/sending/blocked-again`: the letters that came back because our server was blocked go again.
pub(super) async fn blocked_again(web: web::Data<Web>, staff: Staff, _: Act<Button>) -> Answer {
    let letters = web.staff_actions.send_blocked_again(&staff.actor()).await?;
    Ok(Done::BlockedAgain.if_so(letters > 0).at("/staff/sending"))
}

/// `POST /staff/mailboxes/{official}/release`: the mailbox is right after all; letters to it go out again.
pub(super) async fn release(web: web::Data<Web>, staff: Staff, official: web::Path<i64>, _: Act<Button>) -> Answer {
    if !web.staff_actions.release_mailbox(&staff.actor(), *official).await? {
        return Err(Failure::NotFound);
    }
    Ok(see_other("/staff"))
}
