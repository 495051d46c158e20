//! Families: who lives together, in what relation and at what age, in proportion to a county's census.

use crate::census::CensusRow;
use crate::random::Stream;

/// Nobody has a child before this age.
const PARENT_AGE_MIN: i64 = 18;

/// A member before he or she has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub age: i64,
    pub is_male: bool,
    pub relation: &'static str,
    /// True for those who bear the lineage of the head; the others married in.
    pub is_kin: bool,
}

/// What the census says about the families of a county, worked out once.
#[derive(Clone, Debug)]
pub struct FamilyProfile {
    ages: Vec<f64>,
    /// Weights of the shapes: alone, couple, two, three, four generations.
    shapes: [f64; 5],
    /// Mean number of children where there are children.
    children: f64,
    /// Share of families with children whose eldest child is below 15.
    young: f64,
    /// Share of those living alone or as a couple who are 65 or older.
    old: f64,
    /// Share of men among those who are not half of a couple.
    men: f64,
}

impl FamilyProfile {
    /// The profile that brings the means near the census: size, children, old people, men to women.
    pub fn new(county: &CensusRow) -> FamilyProfile {
        let ages = county.ages();
        let alone = county.figure("one_person_households");
        let couple = (county.figure("gen1") - alone).max(0.0);
        let shapes = [alone, couple, county.figure("gen2"), county.figure("gen3"), county.figure("gen4plus")];
        let size = county.figure("household_size");
        let with_children = (shapes[2] + shapes[3] + shapes[4]).max(0.01);
        let adults = alone + 2.0 * couple + 1.86 * shapes[2] + 3.55 * shapes[3] + 5.2 * shapes[4];
        let children = ((size - adults) / with_children).clamp(1.0, 4.5);
        let share = |from: usize, to: usize| ages[from..to].iter().sum::<f64>();
        let below_15 = share(0, 15) * size / (children * with_children);
        let old_wanted = share(65, 96) * size - 0.75 * shapes[3] - 1.2 * shapes[4] - 0.1 * shapes[2];
        let couples = couple + 0.84 * shapes[2] + 1.35 * shapes[3] + 2.0 * shapes[4];
        let men_wanted = size * county.figure("sex_ratio") / (100.0 + county.figure("sex_ratio"));
        FamilyProfile {
            shapes,
            children,
            young: below_15.clamp(0.05, 0.97),
            old: (old_wanted / (alone + 2.0 * couple).max(0.01)).clamp(0.05, 0.95),
            men: ((men_wanted - couples) / (size - 2.0 * couples).max(0.1)).clamp(0.35, 0.7),
            ages,
        }
    }

    /// Members of one household; the head comes first and there is exactly one.
    pub fn family(&self, stream: &mut Stream) -> Vec<Draft> {
        match stream.weighted(&self.shapes) {
            0 => vec![self.single(stream)],
            1 => self.couple(stream),
            2 => self.two_generations(stream),
            3 => self.three_generations(stream),
            _ => self.four_generations(stream),
        }
    }

    fn single(&self, stream: &mut Stream) -> Draft {
        let age = if stream.chance(self.old) { self.age(65, 95, stream) } else { self.age(25, 64, stream) };
        Draft { age, is_male: stream.chance(self.men), relation: "head", is_kin: true }
    }

    fn couple(&self, stream: &mut Stream) -> Vec<Draft> {
        let age = if stream.chance(self.old) { self.age(65, 92, stream) } else { self.age(24, 64, stream) };
        spouses(age, stream)
    }

    fn two_generations(&self, stream: &mut Stream) -> Vec<Draft> {
        if stream.chance(0.06) {
            return self.grandparents_alone(stream);
        }
        let ages = self.children_ages(stream);
        let eldest = ages.first().copied().unwrap_or(5);
        let mut family = spouses((eldest + stream.between(21, 30)).min(94), stream);
        be_old_enough(&mut family, eldest);
        if stream.chance(0.14) {
            family.truncate(1);
            family[0].is_male = stream.chance(self.men);
        }
        self.add_children(&ages, ["son", "daughter"], &mut family, stream);
        family
    }

    /// Grandparents with the children of sons who are away for good.
    fn grandparents_alone(&self, stream: &mut Stream) -> Vec<Draft> {
        let ages = self.children_ages_below(15, stream);
        let mut family = spouses(stream.between(52, 74), stream);
        self.add_children(&ages, ["grandson", "granddaughter"], &mut family, stream);
        family
    }

    fn three_generations(&self, stream: &mut Stream) -> Vec<Draft> {
        let ages = self.children_ages(stream);
        let middle = (ages.first().copied().unwrap_or(5) + stream.between(21, 29)).min(72);
        let old = (middle + stream.between(20, 30)).min(95);
        let both_old = stream.chance(0.7);
        if stream.chance(0.5) {
            let mut family = self.couple_with(&ages, middle, stream);
            let (head_is_male, own) = (family[0].is_male, family.len());
            add_parents(old, both_old, head_is_male, ["father", "mother"], &mut family, stream);
            be_old_enough(&mut family[own..], middle);
            return family;
        }
        let mut family = spouses(old, stream);
        if !both_old {
            family.truncate(1);
        }
        let old_is_sons = stream.chance(0.9);
        let mut pair = spouses(middle, stream);
        be_old_enough(&mut pair, ages.first().copied().unwrap_or(0));
        let is_kin = |half: &&Draft| half.is_male == old_is_sons;
        be_old_enough(&mut family, pair.iter().find(is_kin).map_or(middle, |half| half.age));
        family.extend(pair.into_iter().map(|half| {
            let relation = match (old_is_sons, half.is_male) {
                (true, true) => "son",
                (true, false) => "daughter_in_law",
                (false, true) => "son_in_law",
                (false, false) => "daughter",
            };
            Draft { is_kin: matches!(relation, "son" | "daughter"), relation, ..half }
        }));
        let names = if old_is_sons { ["grandson", "granddaughter"] } else { ["daughters_son", "daughters_daughter"] };
        self.add_children(&ages, names, &mut family, stream);
        family
    }

    fn four_generations(&self, stream: &mut Stream) -> Vec<Draft> {
        let ages = self.children_ages_below(12, stream);
        let middle = ages.first().copied().unwrap_or(5) + stream.between(20, 25);
        let mut family = self.couple_with(&ages, middle, stream);
        let (head_is_male, own) = (family[0].is_male, family.len());
        let parents = middle + stream.between(20, 25);
        add_parents(parents, true, head_is_male, ["father", "mother"], &mut family, stream);
        be_old_enough(&mut family[own..], middle);
        let (both, with_parents) = (stream.chance(0.4), family.len());
        let eldest = (parents + stream.between(19, 26)).min(95);
        add_parents(eldest, both, true, ["grandfather", "grandmother"], &mut family, stream);
        be_old_enough(&mut family[with_parents..], parents);
        family
    }

    /// Head and spouse of about that age with children of these ages, eldest first.
    fn couple_with(&self, ages: &[i64], age: i64, stream: &mut Stream) -> Vec<Draft> {
        let mut family = spouses(age, stream);
        be_old_enough(&mut family, ages.first().copied().unwrap_or(0));
        self.add_children(ages, ["son", "daughter"], &mut family, stream);
        family
    }

    /// Ages of the children, eldest first.
    fn children_ages(&self, stream: &mut Stream) -> Vec<i64> {
        if stream.chance(self.young) {
            return self.children_ages_below(15, stream);
        }
        let eldest = self.age(15, 36, stream);
        self.siblings(eldest, stream)
    }

    fn children_ages_below(&self, limit: i64, stream: &mut Stream) -> Vec<i64> {
        let youngest_first = self.age(0, limit - 1, stream);
        self.siblings(youngest_first, stream)
    }

    /// The eldest and brothers and sisters one to four years apart, as many as fit before birth.
    fn siblings(&self, eldest: i64, stream: &mut Stream) -> Vec<i64> {
        let mean = (self.children - 1.0) * (0.6 + 0.8 * stream.unit());
        let wanted = 1 + stream.count(mean);
        let mut ages = vec![eldest];
        let mut age = eldest;
        for _ in 1..wanted {
            age -= stream.between(1, 4);
            if age < 0 {
                // No room below: an elder one instead.
                let above = ages[0] + stream.between(1, 3);
                ages.insert(0, above);
                continue;
            }
            ages.push(age);
        }
        ages
    }

    fn add_children(&self, ages: &[i64], [boy, girl]: [&'static str; 2], family: &mut Vec<Draft>, stream: &mut Stream) {
        for age in ages {
            let is_male = stream.chance(self.men);
            let relation = if is_male { boy } else { girl };
            family.push(Draft { age: *age, is_male, relation, is_kin: true });
        }
    }

    /// An age from `low` to `high`, as frequent as in the census.
    fn age(&self, low: i64, high: i64, stream: &mut Stream) -> i64 {
        low + stream.weighted(&self.ages[low as usize..=high as usize]) as i64
    }
}

/// Head and spouse; the head is mostly the man.
fn spouses(age: i64, stream: &mut Stream) -> Vec<Draft> {
    let head_is_male = stream.chance(0.88);
    let other = (age + if head_is_male { stream.between(-6, 2) } else { stream.between(-2, 6) }).clamp(21, 95);
    vec![
        Draft { age: age.max(21), is_male: head_is_male, relation: "head", is_kin: true },
        Draft { age: other, is_male: !head_is_male, relation: "spouse", is_kin: false },
    ]
}

/// Nobody has a child too early; `child`: the age of the eldest.
fn be_old_enough(parents: &mut [Draft], child: i64) {
    parents.iter_mut().for_each(|parent| parent.age = parent.age.max((child + PARENT_AGE_MIN).min(95)));
}

/// Parents of the head: of a woman whose husband lives elsewhere too, so they are always the head's own.
fn add_parents(
    age: i64,
    both: bool,
    mother_lives_longer: bool,
    [father, mother]: [&'static str; 2],
    family: &mut Vec<Draft>,
    stream: &mut Stream,
) {
    let mother_age = (age + stream.between(-5, 1)).clamp(36, 95);
    let only_mother = !both && (mother_lives_longer || stream.chance(0.6));
    if !only_mother {
        family.push(Draft { age: age.min(95), is_male: true, relation: father, is_kin: true });
    }
    if both || only_mother {
        family.push(Draft { age: mother_age, is_male: false, relation: mother, is_kin: false });
    }
}
