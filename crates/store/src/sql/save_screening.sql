-- A screening comes into force, in place of one of the same place and day.
insert into screening
       (region,
        day,
        region_end,
        known,
        at_ms,
        households,
        leads,
        raised,
        changed,
        lapsed,
        inputs,
        content)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    on conflict (region, day) do update
   set region_end = excluded.region_end,
       known      = excluded.known,
       at_ms      = excluded.at_ms,
       households = excluded.households,
       leads      = excluded.leads,
       raised     = excluded.raised,
       changed    = excluded.changed,
       lapsed     = excluded.lapsed,
       inputs     = excluded.inputs,
       content    = excluded.content
