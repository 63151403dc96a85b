import SlopePlot

/// The page's rules: light and dark, for screens and for paper.
enum ReportStyle {
  static let rules = """
    :root{color-scheme:light dark;--ink:#1c2530;--soft:#5b6672;--page:#fff;--line:#dfe3e8;--band:#f5f7f9;--mark:29,95,191;--on:#fff}
    @media screen and (prefers-color-scheme:dark){:root{--ink:#e8ecf1;--soft:#9aa5b1;--page:#14181d;--line:#2b323a;\
    --band:#1b2027;--mark:106,169,255;--on:#14181d}\(Paint.darkRules)}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:1080px;padding:24px 20px 60px;background:var(--page);color:var(--ink);\
    font:15px/1.5 Helvetica,Arial,"Liberation Sans",sans-serif}
    h1{font-size:25px;line-height:1.25;margin:0 0 2px;overflow-wrap:anywhere}
    h2{font-size:18px;margin:34px 0 8px;padding-bottom:4px;border-bottom:1px solid var(--line)}
    p{margin:6px 0}
    .soft{color:var(--soft)}
    .verdict{font-size:17px;margin:14px 0;padding:12px 16px;background:var(--band);border-left:4px solid rgb(var(--mark));\
    border-radius:3px}
    .wide{overflow-x:auto;margin:8px 0}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:14px}
    th,td{padding:4px 12px 4px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:middle;white-space:nowrap}
    th{color:var(--soft);font-weight:normal;border-bottom-color:var(--soft)}
    .n{text-align:right;padding-left:8px}
    td svg{width:112px;height:24px;display:block}
    .heat td{padding:2px}.heat span{display:block;min-width:44px;padding:4px 10px;text-align:right}.heat .on{color:var(--on)}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(440px,100%),1fr));gap:16px;margin:8px 0}
    .charts.wide{grid-template-columns:1fr}
    figure{margin:0;break-inside:avoid}
    figure svg{width:100%;height:auto;display:block}
    svg{font-family:Helvetica,Arial,"Liberation Sans",sans-serif}
    pre{background:var(--band);padding:10px 14px;overflow-x:auto;border-radius:3px;font-size:13px;white-space:pre-wrap;\
    overflow-wrap:anywhere}
    ul{margin:6px 0;padding-left:20px}
    @page{margin:14mm 12mm}
    @media print{*{-webkit-print-color-adjust:exact;print-color-adjust:exact}\
    body{max-width:none;padding:0;font-size:11px;line-height:1.4}h1{font-size:20px}\
    h2{font-size:14px;margin:14px 0 4px;break-after:avoid}.verdict{font-size:13px;margin:8px 0;padding:8px 12px}\
    tr,figure,pre,.verdict,.charts.wide{page-break-inside:avoid;break-inside:avoid}thead{display:table-header-group}\
    .charts{grid-template-columns:1fr 1fr;gap:6px 12px;margin:4px 0}.charts.wide{grid-template-columns:1fr}\
    .wide{overflow:visible}table{font-size:10px}pre{font-size:10px}th,td{padding:2px 8px 2px 0;white-space:normal}p{margin:3px 0}}
    """
}
