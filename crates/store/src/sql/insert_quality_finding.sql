-- What a quality rule found; numbers grow.
insert into quality_finding
       (rule,
        household_no,
        resident_key,
        region,
        because,
        because_en)
values (?1, ?2, ?3, ?4, ?5, ?6)
