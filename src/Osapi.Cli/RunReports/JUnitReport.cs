using System.Globalization;
using System.Text;
using System.Xml;
using Osapi.Operations;
using Osapi.Plans.Reports;

namespace Osapi.Cli.RunReports;

/// <summary>Writes a report in the form of JUnit, as build servers read it: a suite for each task, a case for each host.</summary>
internal static class JUnitReport
{
    // A result of a test that is longer than this is not read by anybody there.
    private const int MaxOutput = 64 * 1024;

    private const string Unknown = "unknown";

    public static byte[] Of(RunReport report)
    {
        using MemoryStream bytes = new();
        using (var writer = XmlWriter.Create(bytes, new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true }))
        {
            var suites = report.Tasks.Select(task => (Task: task, Cases: CasesOf(task))).ToList();
            writer.WriteStartElement("testsuites");
            Attribute(writer, "name", report.Name);
            Counts(writer, [.. suites.SelectMany(suite => suite.Cases)], report.DurationMs);
            foreach (var (task, cases) in suites)
                Write(writer, report, task, cases, isFirst: task == suites[0].Task);
            writer.WriteEndElement();
        }

        return bytes.ToArray();
    }

    // A task without hosts is its own and only case.
    private static IReadOnlyList<CellReport> CasesOf(TaskReport task) => task.Hosts.Count > 0 ? task.Hosts :
    [
        new() { Hostname = task.Name, Status = task.Status, Error = task.Error, SkipReason = task.SkipReason, Attempts = task.Attempts, DurationMs = task.DurationMs, Data = task.Data },
    ];

    private static void Write(XmlWriter writer, RunReport report, TaskReport task, IReadOnlyList<CellReport> cases, bool isFirst)
    {
        writer.WriteStartElement("testsuite");
        Attribute(writer, "name", task.Name);
        Counts(writer, cases, task.DurationMs);
        Attribute(writer, "skipped", Number(cases.Count(IsSkipped)));
        Attribute(writer, "timestamp", report.StartedAt.AddMilliseconds(task.StartedMs ?? 0).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        if (isFirst && report.Notes.Count > 0)
            Notes(writer, report.Notes);
        foreach (var cell in cases)
            Write(writer, report.Name, task, cell);
        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, string plan, TaskReport task, CellReport cell)
    {
        writer.WriteStartElement("testcase");
        Attribute(writer, "name", cell.Hostname);
        Attribute(writer, "classname", $"{plan}.{task.Name}");
        Attribute(writer, "time", Seconds(cell.DurationMs));
        // An allowed failure does not fail the run, nor the build.
        if (IsFailed(cell))
            Outcome(writer, "failure", cell.Outcome ?? cell.Status, cell.Error ?? task.Error ?? "it failed");
        else if (IsError(cell))
            Outcome(writer, "error", cell.Status, cell.Error ?? (cell.Status == Unknown ? "its end is not known" : "stopped while running"));
        else if (IsSkipped(cell))
            Outcome(writer, "skipped", type: null, cell.Allowed == true ? $"{cell.Error ?? cell.SkipReason} (allowed)" : cell.SkipReason ?? cell.Error ?? cell.Status);
        Output(writer, "system-out", cell.Text("stdout"));
        Output(writer, "system-err", cell.Text("stderr"));
        writer.WriteEndElement();
    }

    private static bool IsFailed(CellReport cell) => cell is { Status: "failed", Allowed: not true };

    private static bool IsError(CellReport cell) => cell is { Status: "cancelled", Attempts: > 0 } or { Status: Unknown };

    private static bool IsSkipped(CellReport cell) => !IsFailed(cell) && !IsError(cell) && cell.Status is not ("changed" or "unchanged");

    private static void Counts(XmlWriter writer, IReadOnlyList<CellReport> cases, double durationMs)
    {
        Attribute(writer, "tests", Number(cases.Count));
        Attribute(writer, "failures", Number(cases.Count(IsFailed)));
        Attribute(writer, "errors", Number(cases.Count(IsError)));
        Attribute(writer, "time", Seconds(durationMs));
    }

    // The form has no place for what is about the run, so that they are with the first suite.
    private static void Notes(XmlWriter writer, IReadOnlyList<string> notes)
    {
        writer.WriteStartElement("properties");
        foreach (var note in notes)
        {
            writer.WriteStartElement("property");
            Attribute(writer, "name", "note");
            Attribute(writer, "value", note);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void Outcome(XmlWriter writer, string element, string? type, string message)
    {
        writer.WriteStartElement(element);
        if (type is not null)
            Attribute(writer, "type", type);
        Attribute(writer, "message", message);
        writer.WriteEndElement();
    }

    private static void Output(XmlWriter writer, string element, string text)
    {
        if (text.Length > 0)
            writer.WriteElementString(element, XmlText.Of(OutputCut.Of(text, MaxOutput)));
    }

    private static void Attribute(XmlWriter writer, string name, string value) => writer.WriteAttributeString(name, XmlText.Of(ControlCharacters.Escape(value)));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double milliseconds) => (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);
}
