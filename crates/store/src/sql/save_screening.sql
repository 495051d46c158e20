-- A screening comes into force, in place of one of the same place and day.
insert or replace into screening
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
