-- One event at the end of its chain.
insert into event
       (seq,
        chain,
        position,
        account,
        role,
        day,
        at_ms,
        register,
        record,
        household_no,
        action,
        before,
        after,
        hash)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
