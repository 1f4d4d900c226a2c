using Osapi.Cli.Yaml;
using Osapi.Operations;
using Osapi.Plans;
using Osapi.Plans.Yaml;

namespace Osapi.Cli.Plans;

/// <summary>Loads plan files.</summary>
internal static class PlanLoading
{
    /// <summary>Returns the plan, with the templates that it uploads checked; null when it has problems.</summary>
    /// <param name="path">The path; - for standard input.</param>
    /// <param name="sources">Keeps the text of the file.</param>
    /// <param name="inputs">The variables, and what else the file needs.</param>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public static async Task<(PlanFile? Plan, IReadOnlyList<FileProblem> Problems)> LoadAsync(string path, SourceFiles sources, PlanInputs inputs)
    {
        var (root, unreadable) = sources.Load(path);
        var (plan, problems) = PlanFileReader.Read(root, unreadable, OperationCatalog.Default, inputs);
        plan = plan is null ? null : LocalFiles.Resolve(plan, path);
        return plan is null ? (null, sources.Complete(path, problems)) : (plan, sources.Complete(path, await PlanTemplates.ProblemsAsync(plan)));
    }
}
