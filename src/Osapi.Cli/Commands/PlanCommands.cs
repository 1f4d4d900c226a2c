using System.CommandLine;
using System.Text.Json;
using Osapi.Cli.Connection;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Yaml;
using Osapi.Operations.Files;
using Osapi.Plans;
using Osapi.Plans.Schema;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Commands;

/// <summary>The commands <c>osapi plan</c>: what can be known about a plan file without running it.</summary>
internal static class PlanCommands
{
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print the problems as JSON" };

    public static Command Create(ConnectionOptions connection) => new("plan", "Validate, explain, draw and format plan files")
    {
        Validate(),
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

    private static Command Validate()
    {
        var file = FileArgument();
        PlanInputOptions inputs = new();
        Command command = new("validate", "Report all problems of a plan file; needs no controller") { file, Json };
        inputs.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            var path = result.GetValue(file)!;
            SourceFiles sources = new();
            List<string> invalid = [];
            var (plan, problems) = await PlanLoading.LoadAsync(path, sources, inputs.Read(result, path, invalid, sources));
            if (invalid.Count > 0)
                throw CommandException.BadInput(invalid, problems);
            if (plan is not null)
                problems = [.. problems, .. sources.Complete(path, MissingFiles(plan))];
            if (result.GetValue(Json))
                Terminal.Raw(JsonText(path, problems));
            else if (problems.Count > 0)
                throw CommandException.BadInput([], problems);
            else
                Terminal.Out.Line($"{path} is valid: {plan!.Tasks.Count} {(plan.Tasks.Count == 1 ? "task" : "tasks")}");
            return problems.Count > 0 ? ExitCode.BadInput : ExitCode.Ok;
        });
        return command;
    }

    private static Command Explain()
    {
        var file = FileArgument();
        Command command = new("explain", "Show the tasks of a plan level by level: what each calls, and after which it runs") { file };
        PlanInputOptions inputs = new();
        inputs.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            var plan = await LoadAsync(result, result.GetValue(file)!, inputs, new());
            foreach (var line in PlanBuild.Of(plan, null, null!, new()).Explain().TrimEnd().Split('\n'))
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

    // A run tells it too, before anything changes; an editor or a pipeline wants to know it without a controller.
    private static IEnumerable<FileProblem> MissingFiles(PlanFile plan) =>
        from task in plan.Tasks
        let upload = task.Request as UploadFile
        where upload is not null
        let problem = upload.Path.Problem()
        where problem is not null
        select FileProblem.At(task.Mark, $"'{task.Name}' uploads a file that cannot be read: {problem}{NearestFile.Hint(upload.Path.Value)}") with { File = task.File };

    private static string JsonText(string path, IReadOnlyList<FileProblem> problems)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            foreach (var problem in problems)
            {
                writer.WriteStartObject();
                writer.WriteString("file", problem.File ?? path);
                writer.WriteNumber("line", problem.Line);
                writer.WriteNumber("column", problem.Column);
                writer.WriteNumber("length", SourceExcerpt.LengthOf(problem));
                writer.WriteString("message", problem.Message);
                if (problem.Correction is not null)
                    writer.WriteString("correction", problem.Correction);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
