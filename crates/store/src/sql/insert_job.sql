-- A job at the end of the queue.
insert into job
       (kind,
        payload,
        actor,
        account,
        state,
        done,
        total,
        text,
        message,
        dedupe,
        attempts,
        created_ms,
        lease_until_ms,
        turn,
        is_heavy,
        first_place,
        last_place)
values (?1, ?2, ?3, ?4, 'queued', 0, 0, '', '', ?5, 0, ?6, 0, ?7, ?8, ?9, ?10)
 returning id
