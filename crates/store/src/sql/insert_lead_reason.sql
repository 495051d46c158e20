-- One reason of a lead with the rows behind it.
insert into lead_reason
       (lead_id,
        position,
        rule,
        risk,
        resident_key,
        band,
        document)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
