using Osapi.Agent.Files.Templates;
using Osapi.Operations.Files;
using Osapi.Plans;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Plans;

/// <summary>Checks the templates that a plan uploads, so that one that cannot be parsed is a mistake before anything runs.</summary>
internal static class PlanTemplates
{
    // What a controller stores at most.
    private const long MaxBytes = 16 * 1024 * 1024;

    /// <summary>Returns a problem for each template that cannot be parsed. A file that cannot be read is reported when the plan runs.</summary>
    public static async Task<IReadOnlyList<FileProblem>> ProblemsAsync(PlanFile plan)
    {
        List<FileProblem> problems = [];
        foreach (var task in plan.Tasks)
            if (task.Request is UploadFile { ContentType: FileContentType.Template, Path.Value: var path } && Read(path) is { } source && await FileTemplate.FindProblemAsync(source) is { } problem)
                problems.Add(FileProblem.At(task.Mark, $"the template {path} cannot be parsed: {problem}") with { File = task.File });
        return problems;
    }

    private static byte[]? Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxBytes } ? File.ReadAllBytes(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
