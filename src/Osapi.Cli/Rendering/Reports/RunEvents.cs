using System.Text.Json;
using Osapi.Orchestrator;
using Osapi.Plans.Reports;

namespace Osapi.Cli.Rendering.Reports;

/// <summary>Writes the events of a run as JSON, one a line. The last one is the report, which alone has the results of the hosts.</summary>
/// <param name="plan">The name of the plan.</param>
/// <param name="isCheck">True when the run is a check.</param>
/// <param name="write">Writes a line.</param>
/// <param name="time">The time.</param>
internal sealed class RunEvents(string plan, bool isCheck, Action<string> write, TimeProvider time)
{
    public Hooks Hooks => new() { BeforePlan = Begun, BeforeTask = Started, AfterHost = HostEnded, AfterTask = Ended, OnRetry = Retried };

    /// <summary>Writes the report.</summary>
    public void End(RunReport report) => Write("report", writer => RunReportJson.WriteMembers(writer, report));

    /// <summary>Writes that the run is recorded.</summary>
    public void Recorded(RunBeginning run) => Write("run_recorded", writer =>
    {
        writer.WriteString("run", run.Id.Value);
        if (run.Superseded is { } superseded)
            writer.WriteString("superseded", superseded.Value);
        writer.WriteNumber("owed", run.Owed.Count);
    });

    private void Begun(PlanSummary summary) => Write("run_started", writer =>
    {
        writer.WriteString("name", plan);
        writer.WriteNumber("tasks", summary.TotalTasks);
        if (isCheck)
            writer.WriteBoolean("check", value: true);
    });

    private void Started(PlanTask task) => Write("task_started", writer =>
    {
        writer.WriteString("task", task.Name);
        ResultJson.Optional(writer, "operation", task.Operation?.Id);
        ResultJson.Optional(writer, "target", task.Target?.ToString());
        ResultJson.Optional(writer, "same_as", task.SameHostsAs?.Name);
    });

    private void HostEnded(PlanTask task, HostResult host) => Write("host_ended", writer =>
    {
        writer.WriteString("task", task.Name);
        ResultJson.WriteStatus(writer, host);
    });

    private void Retried(PlanTask task, FailedAttempt attempt) => Write("retry", writer =>
    {
        writer.WriteString("task", task.Name);
        writer.WriteNumber("attempt", attempt.Number);
        writer.WriteStartArray("hosts");
        foreach (var host in attempt.Hosts)
            writer.WriteStringValue(host);
        writer.WriteEndArray();
        writer.WriteString("error", attempt.Error.Message);
        writer.WriteNumber("delay_ms", Math.Round(attempt.Delay.TotalMilliseconds));
    });

    private void Ended(PlanTask task, TaskResult result) => Write("task_ended", writer =>
    {
        writer.WriteString("task", task.Name);
        ResultJson.WriteStatus(writer, result);
    });

    private void Write(string name, Action<Utf8JsonWriter> members) => write(JsonLine.Of(writer =>
    {
        writer.WriteString("event", name);
        writer.WriteString("time", time.GetUtcNow());
        members(writer);
    }));
}
