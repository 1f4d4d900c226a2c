using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osapi.Cli.Plans;
using Osapi.Cli.Rendering;
using Osapi.Cli.Yaml;
using Osapi.Operations.Files;
using Osapi.Plans;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Commands;

/// <summary>The command <c>osapi plan validate</c>.</summary>
internal static class PlanValidateCommand
{
    private static readonly Option<bool> Json = new("--json", "-j") { Description = "Print the problems as JSON" };

    public static Command Create()
    {
        var file = PlanCommands.FileArgument();
        PlanInputOptions inputs = new();
        Command command = new("validate", "Report all problems of a plan file; needs no controller") { file, Json };
        SelectionOptions selections = new();
        inputs.AddTo(command);
        selections.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            var path = result.GetValue(file)!;
            SourceFiles sources = new();
            List<string> invalid = [];
            var (plan, problems) = await PlanLoading.LoadAsync(path, sources, inputs.Read(result, path, invalid, sources));
            var selection = selections.Read(result, invalid);
            plan = plan is null ? null : SelectionOptions.Apply(plan, selection, invalid);
            if (invalid.Count > 0)
                throw CommandException.BadInput(invalid, problems);
            if (plan is not null)
                problems = [.. problems, .. sources.Complete(path, MissingFiles(plan))];
            if (result.GetValue(Json))
                Terminal.Raw(JsonText(path, problems));
            else if (problems.Count > 0)
                throw CommandException.BadInput([], problems);
            else
                Terminal.Out.Line($"{path} is valid: {plan!.Tasks.Count} {(plan.Tasks.Count == 1 ? "task" : "tasks")}{(plan.SelectedNames is { } names ? $", {names.Count} selected" : "")}");
            return problems.Count > 0 ? ExitCode.BadInput : ExitCode.Ok;
        });
        return command;
    }

    // A run tells it too, before anything changes; an editor or a pipeline wants to know it without a controller.
    private static IEnumerable<FileProblem> MissingFiles(PlanFile plan) =>
        from task in plan.SelectedTasks
        let upload = task.Request as UploadFile
        where upload is not null
        let problem = upload.Path.Problem()
        where problem is not null
        select FileProblem.At(task.Mark, $"'{task.Name}' uploads a file that cannot be read: {problem}{NearestFile.Hint(upload.Path.Value)}") with { File = task.File };

    private static string JsonText(string path, IReadOnlyList<FileProblem> problems)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
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

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
