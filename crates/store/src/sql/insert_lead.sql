-- A new lead in its initial state; its content follows.
insert into lead
       (lead_id,
        household_no,
        region,
        state,
        is_open,
        entered_state_on,
        due_on,
        urgency,
        risk,
        because,
        because_en,
        reasons,
        flags,
        stale,
        raised_on,
        seen_on,
        known,
        fields,
        flags_document,
        content)
values (?1, ?2, ?3, ?4, 1, ?5, ?6, 0, '', '', '', 0, 0, 0, ?5, ?5, ?5, '{}', '[]', 0)
