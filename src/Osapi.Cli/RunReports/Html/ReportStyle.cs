namespace Osapi.Cli.RunReports.Html;

/// <summary>The style of a page, for light and dark screens and for phones. Text has a contrast of at least 4.5 to 1.</summary>
internal static class ReportStyle
{
    public const string Css = """

        :root { color-scheme: light dark; --back: #fff; --text: #1b1f24; --muted: #57606a; --line: #d0d7de; --soft: #f4f6f8; --link: #0b57b0;
          --changed: #7a4d00; --changed-back: #fff0c8; --changed-bar: #cf8f00; --unchanged: #0f5c2e; --unchanged-back: #dcf3e3; --unchanged-bar: #2e8b57;
          --skipped: #4a4f57; --skipped-back: #e7eaee; --skipped-bar: #8a9099; --failed: #9b1c1c; --failed-back: #fde0e0; --failed-bar: #c62828;
          --cancelled: #63309a; --cancelled-back: #ede0fb; --cancelled-bar: #8e5bc4; }
        @media (prefers-color-scheme: dark) { :root { --back: #14171b; --text: #e6e8eb; --muted: #a2abb5; --line: #383f47; --soft: #1e2329; --link: #7db7ff;
          --changed: #ffd479; --changed-back: #443207; --changed-bar: #d9a01f; --unchanged: #86dba5; --unchanged-back: #12361f; --unchanged-bar: #3fa56a;
          --skipped: #c3c9d0; --skipped-back: #333a42; --skipped-bar: #7b838c; --failed: #ffa6a0; --failed-back: #4d1717; --failed-bar: #e0524c;
          --cancelled: #d3b0ff; --cancelled-back: #3a2159; --cancelled-bar: #a678dd; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 90rem; padding: 1rem; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.6rem; margin: 0 0 .5rem; overflow-wrap: anywhere; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
        p { margin: .25rem 0; overflow-wrap: anywhere; } ul { margin: .25rem 0; padding-left: 1.25rem; } nav { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: .75rem; }
        a { color: var(--link); } bdi { unicode-bidi: isolate; } .muted { color: var(--muted); } .error { color: var(--failed); overflow-wrap: anywhere; }
        .badge { display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .875rem; font-weight: 600; white-space: nowrap; background: var(--skipped-back); color: var(--skipped); }
        .badge.changed, td.changed { background: var(--changed-back); color: var(--changed); } .badge.unchanged, td.unchanged { background: var(--unchanged-back); color: var(--unchanged); }
        .badge.failed, td.failed { background: var(--failed-back); color: var(--failed); } .badge.cancelled, td.cancelled { background: var(--cancelled-back); color: var(--cancelled); }
        td.none { color: var(--muted); }
        pre, code { font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; unicode-bidi: isolate; } code { overflow-wrap: anywhere; white-space: pre-wrap; }
        pre { margin: .25rem 0; padding: .5rem; max-height: 30rem; overflow: auto; background: var(--soft); border-radius: .25rem; tab-size: 8; }
        .scroll { overflow: auto; border: 1px solid var(--line); border-radius: .25rem; } .tall { max-height: 80vh; }
        table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--muted); padding: .25rem .5rem; }
        th, td { padding: .25rem .5rem; text-align: left; border-top: 1px solid var(--line); font-weight: 400; overflow-wrap: anywhere; } thead th { color: var(--muted); background: var(--back); }
        .tall thead th { position: sticky; top: 0; } .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .counts th { white-space: nowrap; } .timeline { table-layout: fixed; } .timeline th:first-child { width: 16rem; } .timeline .number { width: 6rem; } .axis { white-space: nowrap; } .axis span { display: inline-block; width: 33.3%; }
        .axis span:nth-child(2) { text-align: center; } .axis span:nth-child(3) { text-align: right; } .timeline svg { display: block; width: 100%; background: var(--soft); }
        rect.changed { fill: var(--changed-bar); } rect.unchanged { fill: var(--unchanged-bar); } rect.skipped { fill: var(--skipped-bar); } rect.failed { fill: var(--failed-bar); } rect.cancelled { fill: var(--cancelled-bar); }
        .graph { display: block; font: 13px ui-monospace, "DejaVu Sans Mono", monospace; } .graph line { stroke: var(--muted); } .graph marker path { fill: var(--muted); }
        .graph rect { fill: var(--soft); stroke: var(--muted); } .graph text { fill: var(--text); } .graph .detail { fill: var(--muted); }
        .graph .changed rect { stroke: var(--changed-bar); stroke-width: 2; } .graph .unchanged rect { stroke: var(--unchanged-bar); stroke-width: 2; } .graph .failed rect { stroke: var(--failed-bar); fill: var(--failed-back); stroke-width: 3; }
        .graph .cancelled rect { stroke: var(--cancelled-bar); stroke-width: 2; } .graph .skipped rect { stroke-dasharray: 4; }
        form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: .5rem 0; } form[hidden], [hidden] { display: none; } select, input { font: inherit; max-width: 14rem; }
        .task { border: 1px solid var(--line); border-radius: .25rem; margin: .25rem 0; padding: .25rem .5rem; } .task > summary { cursor: pointer; overflow-wrap: anywhere; } .task > summary h3 { display: inline; margin: 0; }
        .answer { border-top: 1px solid var(--line); margin-top: .25rem; padding-top: .25rem; } dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 1rem; margin: .25rem 0; } dt { color: var(--muted); } dd { margin: 0; min-width: 0; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
        @media (max-width: 40rem) { body { padding: .5rem; } .timeline tr { display: grid; grid-template-columns: 1fr auto; } .timeline td:nth-child(2), .timeline th.axis { grid-column: 1 / -1; grid-row: 2; border-top: 0; }
          .timeline th:first-child, .timeline .number { width: auto; } .timeline thead tr { position: sticky; top: 0; background: var(--back); } dl { grid-template-columns: minmax(0, 1fr); } select, input { max-width: 100%; } }
        @media print { .scroll, pre { max-height: none; overflow: visible; } form { display: none; } }

        """;
}
