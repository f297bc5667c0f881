package outline

var englishVarieties = []variety{
	{"a regulation of the European Union", Markdown, `
# REGULATION (EU) 2016/679

## CHAPTER I
General provisions

### Article 1
#### Subject matter

1.   This Regulation lays down rules.

2.   It protects:

(a) natural persons;

(b) data.

**Article 2**

**Scope**

This Regulation applies as Article 1 says.`, `
ch-1 chapter [CHAPTER I] {General provisions} 
art-1 article [Article 1] {Subject matter} 
art-1-1 item [1.] {} This Regulation lays down rules.
art-1-2 item [2.] {} It protects:
art-1-2-a subitem [(a)] {} natural persons;
art-1-2-b subitem [(b)] {} data.
art-2 article [Article 2] {Scope} This Regulation applies as Article 1 says.
- title: REGULATION (EU) 2016/679`},

	{"a statute of the United States", Text, `
An Act to reform intelligence

SEC. 1001. SHORT TITLE.

This title may be cited as the "Intelligence Reform Act of
2004". It shall be read with
Section 3 of the Act.

SEC. 1002. REORGANIZATION.

(a) IN GENERAL.—The Act is amended:
(1) by striking; and
(2) by inserting the following:
(i) one;
(ii) two.
(b)(1) EFFECT.—None.`, `
sec-1001 section [SEC. 1001.] {SHORT TITLE.} This title may be cited as the "Intelligence Reform Act of 2004". It shall be read with Section 3 of the Act.
sec-1002 section [SEC. 1002.] {REORGANIZATION.} 
sec-1002-a item [(a)] {} IN GENERAL.—The Act is amended:
sec-1002-a-1 subitem [(1)] {} by striking; and
sec-1002-a-2 subitem [(2)] {} by inserting the following:
sec-1002-a-2-i subitem [(i)] {} one;
sec-1002-a-2-ii subitem [(ii)] {} two.
sec-1002-b item [(b)] {} 
sec-1002-b-1 subitem [(1)] {} EFFECT.—None.
- title: An Act to reform intelligence`},

	{"guidance in Markdown", Markdown, `
---
title: Guidance
---
## Purpose
The *purpose* is to **guide**.

The goals are:

1. one
2. two

## Section 4.1 Scope
- A. all
- B. none

### Attachment A: Terms`, `
h1 heading [] {Purpose} 
h1-t1 text [] {} The purpose is to guide.
h1-t2 text [] {} The goals are:
h1-t2-1 item [1.] {} one
h1-t2-2 item [2.] {} two
sec-4-1 section [Section 4.1] {Scope} 
sec-4-1-a item [A.] {} all
sec-4-1-b item [B.] {} none
att-a annex [Attachment A:] {Terms} 
- title: title: Guidance`},

	{"attachments A to J", Markdown, `
## Attachment H: Cross-walk
#### 1. Authorities
##### Contract review
Page 4.
#### 2. Transparency
Page 5.
## Attachment I: Deadlines
Soon.
## Attachment J: Acronyms
ATO: Authority to Operate`, `
att-h annex [Attachment H:] {Cross-walk} 
att-h-1 section [1.] {Authorities} 
att-h-1-h1 heading [] {Contract review} 
att-h-1-h1-t1 text [] {} Page 4.
att-h-2 section [2.] {Transparency} Page 5.
att-i annex [Attachment I:] {Deadlines} 
att-i-t1 text [] {} Soon.
att-j annex [Attachment J:] {Acronyms} 
att-j-t1 text [] {} ATO: Authority to Operate`},

	{"a policy with numbered sections", Text, `
Data Protection Policy

1. Introduction
This policy sets out how we handle data.

2. Scope
2.1 This policy applies to all staff.
2.2 It does not apply to:
(a) contractors; and
(b) visitors.

3. Definitions
In this policy:
I. First
II. Second`, `
sec-1 section [1.] {Introduction} This policy sets out how we handle data.
sec-2 section [2.] {Scope} 
sec-2-1 section [2.1] {} This policy applies to all staff.
sec-2-2 section [2.2] {} It does not apply to:
sec-2-2-a item [(a)] {} contractors; and
sec-2-2-b item [(b)] {} visitors.
sec-3 section [3.] {Definitions} In this policy:
sec-3-i item [I.] {} First
sec-3-ii item [II.] {} Second
- title: Data Protection Policy`},

	{"a federal regulation", Text, `
PART 1926—SAFETY AND HEALTH

Subpart D—Environmental Controls

§ 1926.50 Medical services and first aid.

(a) The employer shall insure the availability of medical personnel.

(d)(1) First aid supplies shall be easily accessible.
(2) The contents of the kit shall be:
(i) Sealed;
(ii) Checked weekly.
(e) Proper equipment.

§ 1926.51 Sanitation.

(a) Potable water. (1) An adequate supply shall be provided.`, `
part-1926 part [PART 1926] {—SAFETY AND HEALTH} 
part-1926-subpart-d subpart [Subpart D] {—Environmental Controls} 
sec-1926-50 section [§ 1926.50] {Medical services and first aid.} 
sec-1926-50-a item [(a)] {} The employer shall insure the availability of medical personnel.
sec-1926-50-d item [(d)] {} 
sec-1926-50-d-1 subitem [(1)] {} First aid supplies shall be easily accessible.
sec-1926-50-d-2 subitem [(2)] {} The contents of the kit shall be:
sec-1926-50-d-2-i subitem [(i)] {} Sealed;
sec-1926-50-d-2-ii subitem [(ii)] {} Checked weekly.
sec-1926-50-e item [(e)] {} Proper equipment.
sec-1926-51 section [§ 1926.51] {Sanitation.} 
sec-1926-51-a item [(a)] {} Potable water. (1) An adequate supply shall be provided.`},
}
