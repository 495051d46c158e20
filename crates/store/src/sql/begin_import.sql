-- An import begins, or begins again with the same file.
insert into import
       (import_id,
        dataset,
        department,
        file_name,
        file_hash,
        bytes,
        region,
        delivered_on,
        account,
        state,
        began_ms,
        ended_ms,
        summary)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'running', ?10, null, ?11)
    on conflict (import_id) do update
   set file_name    = excluded.file_name,
       region       = excluded.region,
       delivered_on = excluded.delivered_on,
       account      = excluded.account,
       state        = 'running',
       began_ms     = excluded.began_ms,
       ended_ms     = null,
       summary      = excluded.summary,
       troubles     = null
