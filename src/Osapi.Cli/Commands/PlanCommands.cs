using System.CommandLine;
using Osapi.Cli.Connection;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Yaml;
using Osapi.Plans;
using Osapi.Plans.Schema;

namespace Osapi.Cli.Commands;

/// <summary>The commands <c>osapi plan</c>: what can be known about a plan file without running it.</summary>
internal static class PlanCommands
{
    public static Command Create(ConnectionOptions connection) => new("plan", "Validate, explain, draw and format plan files")
    {
        PlanValidateCommand.Create(),
        Explain(),
        Graph(),
        PlanHostsCommand.Create(connection),
        PlanFormatCommand.Create(),
        Schema(),
    };

    /// <summary>The argument of every command.</summary>
    public static Argument<string> FileArgument() => new("plan") { Description = "The plan file (YAML); - reads standard input" };

    /// <summary>Loads a plan.</summary>
    /// <exception cref="CommandException">The plan has problems, or cannot be read.</exception>
    public static async Task<PlanFile> LoadAsync(ParseResult result, string path, PlanInputOptions inputs, SourceFiles sources)
    {
        List<string> invalid = [];
        var (plan, problems) = await PlanLoading.LoadAsync(path, sources, inputs.Read(result, path, invalid, sources));
        return invalid.Count + problems.Count > 0 ? throw CommandException.BadInput(invalid, problems) : plan!;
    }

    private static Command Explain()
    {
        var file = FileArgument();
        Command command = new("explain", "Show the tasks of a plan level by level: what each calls, and after which it runs") { file };
        PlanInputOptions inputs = new();
        SelectionOptions selections = new();
        inputs.AddTo(command);
        selections.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            var plan = await LoadAsync(result, result.GetValue(file)!, inputs, new());
            var selection = selections.ReadFor(result, ref plan);
            foreach (var line in PlanBuild.Of(plan, null, null!, new(), selection: selection).Explain().TrimEnd().Split('\n'))
                Terminal.Out.Line(line);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Graph()
    {
        var file = FileArgument();
        Option<string> format = new("--format") { Description = "text, mermaid, dot or svg", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "mermaid", "dot", "svg");
        Command command = new("graph", "Draw the tasks of a plan and their dependencies") { file, format };
        PlanInputOptions inputs = new();
        inputs.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            var plan = PlanBuild.Of(await LoadAsync(result, result.GetValue(file)!, inputs, new()), null, null!, new());
            Terminal.Raw((result.GetValue(format) switch
            {
                "mermaid" => plan.ToMermaid(),
                "dot" => plan.ToDot(),
                "svg" => PlanPicture.Svg(plan),
                _ => PlanTree.Text(plan),
            }).TrimEnd());
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Schema()
    {
        Command command = new("schema", "Print the JSON Schema of plan files, for editors");
        command.SetAction(_ =>
        {
            Terminal.Raw(PlanSchema.Text(Osapi.Operations.OperationCatalog.Default).TrimEnd());
            return ExitCode.Ok;
        });
        return command;
    }
}
