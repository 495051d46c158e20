-- A session begins; only the hash of its token is kept.
insert into session
       (token,
        account,
        began_ms,
        seen_ms,
        idle_ms,
        ends_ms)
values (?1, ?2, ?3, ?3, ?4, ?5)
