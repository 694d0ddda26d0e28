package browser
import ("testing";"os";"fmt")
func TestZZ(t *testing.T){
 p := open(t).as(func() string { t.Log(floor.logins); return floor.logins["controller"] }())
 p.goTo("/procedure/draft")
 if p.yes(`document.querySelector('#begin')`) { p.press("Ctrl+Enter"); p.wait("draft", `document.querySelector('#pairs')`) }
 p.goTo("/procedure/draft/file?name=clauses.yaml")
 p.do2(`(() => { const t=document.getElementById('file-text'); t.value=t.value.replace('text: "Fullfilment"','text: "Fulfillment : jika pelanggan masih dalam proses pasang baru"').replace('hasil update tiket dari teknisi pada aplikasi Sephia atau Nossa.','membantu membuatkan'); document.getElementById('file-form').requestSubmit(); return true })()`)
 p.ready()
 p.goTo("/procedure/draft/file?name=campaigns/fresh-lapul.yaml")
 p.do2(`(() => { const t=document.getElementById('file-text'); t.value=t.value.replace('label: Fullfilment','label: Fulfillment'); document.getElementById('file-form').requestSubmit(); return true })()`)
 p.ready()
 n := 0
 for _, l := range looks { p.prefer(l)
  for _, path := range []string{"/procedure/draft?at=5.7.8","/procedure/draft/try?at=5.7.8&code=fresh-lapul","/procedure/draft/file?name=campaigns/fresh-lapul.yaml&line=30","/procedure/draft?at=5.2"} {
   for _, s := range sizes { p.size(s[0],s[1]); p.goTo(path)
    os.WriteFile(fmt.Sprintf("/tmp/pic/%02d-%s-%d.png",n,l,s[0]), p.picture(), 0o644) 
    for _, what := range read[[]string](p, misfits) { t.Logf("%s %s %d: %s", path, l, s[0], what) }
   }
   for _, v := range p.audit() { t.Logf("%s %s: axe: %s", path, l, v) }
   n++
  }
 }
}
func (p *tab) do2(js string) { p.yes(js) }
