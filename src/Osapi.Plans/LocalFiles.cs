using Osapi.Operations.Files;

namespace Osapi.Plans;

/// <summary>Resolves the local files of a plan relative to the file that names them.</summary>
internal static class LocalFiles
{
    public static PlanFile Resolve(PlanFile plan, string planPath) => Resolve(plan, planPath, static path => path);

    /// <summary>Resolves the files of a plan of another machine: they have their names there, and nothing of this machine is read for them.</summary>
    public static PlanFile ResolveElsewhere(PlanFile plan, string planPath) => Resolve(plan, planPath, LocalFile.Elsewhere);

    /// <summary>Returns the full path of the file that a task uploads.</summary>
    /// <returns>False when the path is known only while the plan runs; true with null for a task that uploads none.</returns>
    public static bool TryGetUpload(PlanFileTask task, string planPath, out string? path)
    {
        path = null;
        if (task.Operation != FileOperations.Upload)
            return true;
        path = task.Request is UploadFile upload ? upload.Path.Value
            : task.Template?.Members["path"] is { } node && !task.Template.Texts.ContainsKey(node) ? Path.Combine(DirectoryOf(task, planPath), node.GetValue<string>())
            : null;
        return path is not null;
    }

    private static PlanFile Resolve(PlanFile plan, string planPath, Func<string, LocalFile> file) =>
        plan with { Tasks = [.. plan.Tasks.Select(task => Resolve(task, DirectoryOf(task, planPath), file))] };

    private static string DirectoryOf(PlanFileTask task, string planPath) => Path.GetDirectoryName(task.FullFile ?? Path.GetFullPath(planPath))!;

    private static PlanFileTask Resolve(PlanFileTask task, string directory, Func<string, LocalFile> file) => task with
    {
        Request = task.Request is null ? null : Resolve(task.Request, directory, file),
        Template = task.Template is null ? null : task.Template with { Complete = request => Resolve(request, directory, file) },
    };

    private static object Resolve(object request, string directory, Func<string, LocalFile> file) =>
        request is UploadFile upload ? upload with { Path = file(Path.Combine(directory, upload.Path.Value)) } : request;
}
