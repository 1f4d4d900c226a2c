using System.CommandLine;
using Osapi.Cli.Plans;
using Osapi.Cli.Yaml;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Recorded;

namespace Osapi.Cli.Commands;

/// <summary>The options of <c>osapi run</c> about the record that the controller keeps of the run.</summary>
internal sealed class RecordOptions
{
    private readonly Option<bool> concurrent = new("--concurrent") { Description = "Run although another run of the plan goes on; it gets no steps that earlier runs owe" };
    private readonly Option<bool> forgetOwed = new("--forget-owed") { Description = "Leave out the steps that earlier runs of the plan owe, and forget them" };

    public void AddTo(Command command)
    {
        command.Options.Add(concurrent);
        command.Options.Add(forgetOwed);
    }

    /// <summary>Returns how the run is recorded.</summary>
    public RunOptions Read(ParseResult result, PlanFile file, string path, SourceFiles sources, PlanSelection? selection) => new()
    {
        Plan = file.Name,
        Concurrent = result.GetValue(concurrent),
        ForgetOwed = result.GetValue(forgetOwed),
        Files = RunRecording.FilesOf(path, sources),
        Values = RecordedValues.Of(file, selection),
    };
}
