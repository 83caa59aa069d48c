# The world's first implementation, kept as the executable specification that world.json was made with.
# rng is any object with random(), integers() and permutation(), as numpy's Generator has them (make.py brings one).
SUB=['r/family','r/work','r/relationships','r/advice','r/school','r/money','r/tifu','r/legal']
REL='sister brother mother father cousin aunt uncle boss roommate friend neighbor wife husband teacher landlord coworker'.split()
VERB='stole broke sold lost hid borrowed ruined burned scratched cleaned painted dropped bought returned found copied'.split()
OBJ='car phone laptop bike guitar watch ring jacket camera wallet book ticket sofa lamp piano television keys boat tent dress'.split()
PLACE='home school church work hotel airport beach store park gym hospital library'.split()
DAY='monday tuesday wednesday thursday friday saturday sunday christmas easter halloween'.split()
FEEL='angry sad scared confused guilty happy jealous nervous tired lonely proud ashamed'.split()
ACT='leave apologize forgive sue wait move call pay lie quit confess report'.split()
NUM=[str(i) for i in range(18,48)]
LIKE='pizza coffee music movies cats dogs soccer chess hiking cooking games tea'.split()
FUNC=['<pad>','<eos>','SUBREDDIT:','TITLE:','POST:','TL;DR:','.','?','my','is','it','was','at','on','i','feel','should','like','help','with','so','just','happened','now','am','do','you','think','we','met','also','talked','feels','said','to','once','a','today','what','about','years','old']
VOC=FUNC+SUB+REL+VERB+OBJ+PLACE+DAY+FEEL+ACT+NUM+LIKE
assert len(set(VOC))==len(VOC)
ID={w:i for i,w in enumerate(VOC)}
V=len(VOC); PAD,EOS=0,1
TYP={'R':REL,'V':VERB,'O':OBJ,'P':PLACE,'T':DAY,'F':FEEL,'A':ACT,'N':NUM,'X':LIKE}
CLASS={}
for k,ws in TYP.items():
    for w in ws: CLASS[w]=k
OPT=['N','P','T','F','A']        # optional key facts, one clause each
def ids(ws): return [ID[w] for w in ws]
def words(t): return ' '.join(VOC[i] for i in t)

class Post: pass
def gen_post(rng, p_present=0.8, n_dis=3):
    c=lambda k: TYP[k][rng.integers(len(TYP[k]))]
    p=Post(); f={}; f['R'],f['V'],f['O']=c('R'),c('V'),c('O')
    for k in OPT:
        if rng.random()<p_present: f[k]=c(k)
    p.f=f; p.dis={}; p.like=[]
    def other(k):
        while True:
            v=c(k)
            if v!=f.get(k): return v
    S=[]
    v=rng.integers
    S.append((['so'] if v(2) else [])+['my',f['R']]+(['just'] if v(2) else [])+[f['V'],'my',f['O'],'.'])
    if 'N' in f: S.append(['my',f['R'],'is',f['N'],'.'] if v(2) else ['my',f['R'],'is',f['N'],'years','old','.'])
    if 'P' in f: S.append([['it','happened','at'],['it','was','at']][v(2)]+[f['P'],'.'])
    if 'T' in f: S.append([['it','happened','on'],['it','was','on']][v(2)]+[f['T'],'.'])
    if 'F' in f: S.append([['i','feel'],['now','i','am']][v(2)]+[f['F'],'.'])
    if 'A' in f: S.append([['should','i'],['do','you','think','i','should']][v(2)]+[f['A'],'?'])
    kinds=rng.permutation(6)[:n_dis]
    for d in kinds:
        R2=other('R')
        if d==0: a,b=other('V'),other('O'); S.append(['my',R2,'once',a,'a',b,'.']); p.dis.setdefault('V',[]).append(a); p.dis.setdefault('O',[]).append(b); p.dis.setdefault('R',[]).append(R2)
        if d==1: a=other('N'); S.append(['my',R2,'is',a,'.']); p.dis.setdefault('N',[]).append(a); p.dis.setdefault('R',[]).append(R2)
        if d==2: a=other('P'); S.append(['we','met','at',a,'.']); p.dis.setdefault('P',[]).append(a)
        if d==3: a=other('T'); S.append(['we','also','talked','on',a,'.']); p.dis.setdefault('T',[]).append(a)
        if d==4: a=other('F'); S.append(['my',R2,'feels',a,'.']); p.dis.setdefault('F',[]).append(a); p.dis.setdefault('R',[]).append(R2)
        if d==5: a=other('A'); S.append(['my',R2,'said','to',a,'.']); p.dis.setdefault('A',[]).append(a); p.dis.setdefault('R',[]).append(R2)
    if rng.random()<0.6: a=c('X'); S.append(['i','like',a,'.']); p.like.append(a)
    order=rng.permutation(len(S))
    body=[w for i in order for w in S[i]]
    title=[['help','with','my',f['R']],['what','about','my',f['R']]][v(2)]
    if 'A' in f and rng.random()<0.3: title=['should','i',f['A'],'?']
    p.w=['SUBREDDIT:',SUB[v(len(SUB))],'TITLE:']+title+['POST:']+body+['TL;DR:']
    p.t=ids(p.w)
    return p

def clause(k,f):
    if k=='M': return ['my',f['R'],f['V'],'my',f['O'],'.']
    if k=='N': return ['my',f['R'],'is',f['N'],'.']
    if k=='P': return ['it','was','at',f['P'],'.']
    if k=='T': return ['it','was','on',f['T'],'.']
    if k=='F': return ['i','feel',f['F'],'.']
    if k=='A': return ['should','i',f['A'],'?']
    if k=='X': return ['i','like',f['X'],'.']

def write(rng,p,inc=0.45,err=0.06,absent=0.06,rep=0.03,bad=0.02,det=0.2,cap=99):
    """noisy human-like writer"""
    c=lambda k: TYP[k][rng.integers(len(TYP[k]))]
    def val(k):
        true=p.f.get(k)
        if k=='X': true=p.like[0] if p.like else None
        if true is not None and rng.random()>=err: return true
        d=p.dis.get(k,[])
        if d and rng.random()<0.6: return d[rng.integers(len(d))]
        return c(k)
    ks=[]
    for k in OPT:
        if k in p.f:
            if rng.random()<inc: ks.append(k)
        elif rng.random()<absent: ks.append(k)
    if (p.like and rng.random()<det) or (not p.like and rng.random()<absent*0.5): ks.append('X')
    ks=[ks[i] for i in rng.permutation(len(ks))][:cap]
    if rng.random()<0.9: ks=['M']+ks
    else:
        if rng.random()<0.5 and ks: ks.insert(int(rng.integers(1,len(ks)+1)),'M')
        elif not ks: ks=['M']
    if rng.random()<rep*len(ks): ks.append(ks[rng.integers(len(ks))])
    out=[]
    R=val('R')
    for k in ks:
        f={kk:val(kk) for kk in (['V','O'] if k=='M' else [k])}; f['R']=R
        cl=clause(k,f)
        if rng.random()<bad:
            if rng.random()<0.5: cl.pop(int(rng.integers(len(cl))))
            else: cl.insert(int(rng.integers(len(cl))),cl[int(rng.integers(len(cl)))])
        out+=cl
    return ids(out)+[EOS]

# ---------------- gold reward ----------------
LSTAR=22; LCOST=0.35
def gold(p,y,detail=False):
    """y: list of token ids, generated; includes EOS if terminated."""
    ended = len(y)>0 and y[-1]==EOS
    t=[VOC[i] for i in (y[:-1] if ended else y)]
    n=len(t); r=0.0; cov=hal=repn=mal=0
    cls=[];cur=[]
    for w in t:
        cur.append(w)
        if w in ('.','?'): cls.append(cur);cur=[]
    if cur: cls.append(cur)
    seen=set()
    f=p.f
    for c in cls:
        k=None; slots=[]
        L=len(c)
        C=[CLASS.get(w) for w in c]
        if L==6 and c[0]=='my' and C[1]=='R' and C[2]=='V' and c[3]=='my' and C[4]=='O' and c[5]=='.': k='M'; slots=[('R',c[1]),('V',c[2]),('O',c[4])]
        elif L==5 and c[0]=='my' and C[1]=='R' and c[2]=='is' and C[3]=='N' and c[4]=='.': k='N'; slots=[('N',c[3])]; 
        elif L==5 and c[0]=='it' and c[1]=='was' and c[2]=='at' and C[3]=='P' and c[4]=='.': k='P'; slots=[('P',c[3])]
        elif L==5 and c[0]=='it' and c[1]=='was' and c[2]=='on' and C[3]=='T' and c[4]=='.': k='T'; slots=[('T',c[3])]
        elif L==4 and c[0]=='i' and c[1]=='feel' and C[2]=='F' and c[3]=='.': k='F'; slots=[('F',c[2])]
        elif L==4 and c[0]=='should' and c[1]=='i' and C[2]=='A' and c[3]=='?': k='A'; slots=[('A',c[2])]
        elif L==4 and c[0]=='i' and c[1]=='like' and C[2]=='X' and c[3]=='.': k='X'
        if k is None: mal+=1; continue
        if k in seen: repn+=1; continue
        seen.add(k)
        if k=='X':
            if c[2] not in p.like: hal+=1
            continue
        if k=='N' and (c[1]!=f['R']): hal+=1; continue
        for s,v in slots:
            if f.get(s)==v: cov+=1
            else: hal+=1
    r=cov-1.0*hal-1.0*repn-2.0*mal-LCOST*max(0,n-LSTAR)-(0 if ended else 3.0)-(2.0 if n==0 else 0)
    if detail: return r,cov,hal,repn,mal,n
    return r
