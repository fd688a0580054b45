//! Paces: towards offices, and from visitors. In every limit 0 means unlimited.

/// How much at a time. "N a minute" means never more than N in any 60 seconds, spread out, with a burst of 5 at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `MAIL_PER_SECOND`: messages a second, all destinations together; on average, with 5 at once, or above 500 a
    /// second as many as go in 10 ms.
    pub mail_per_second: u32,
    /// `MAIL_PER_OFFICE_PER_MINUTE`: messages a minute to one office. The default stays well below what one mailbox
    /// takes (Google Workspace: 60 a minute; Exchange Online: about 1,200 an hour from one sender).
    pub mail_per_office_per_minute: u32,
    /// `MAIL_PER_OFFICE_PER_HOUR`: messages an hour to one office.
    pub mail_per_office_per_hour: u32,
    /// `MAIL_PER_DOMAIN_PER_HOUR`: messages an hour to all offices of one mail domain together: a legislature's mail system sees
    /// one sender, however many of its mailboxes it writes to.
    pub mail_per_domain_per_hour: u32,
    /// `MAIL_WARM_UP`: messages of the first day of sending; twice as many on each day after it. Mail systems distrust a new sender
    /// that begins with thousands.
    pub mail_warm_up: u32,
    /// `SIGNUPS_PER_IP_PER_HOUR`: the most sign-ups in any hour from one client (one address, or one IPv6 /64).
    pub signups_per_ip_per_hour: u32,
    /// `LOGINS_PER_IP_PER_HOUR`: the most staff log-in attempts in any hour from one client.
    pub logins_per_ip_per_hour: u32,
    /// `API_PER_IP_PER_HOUR`: the most requests to the API in any hour from one client.
    pub api_per_ip_per_hour: u32,
}
