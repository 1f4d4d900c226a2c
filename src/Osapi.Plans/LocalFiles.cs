using Osapi.Operations.Files;

namespace Osapi.Plans;

/// <summary>Resolves the local files of a plan relative to the file that names them.</summary>
internal static class LocalFiles
{
    public static PlanFile Resolve(PlanFile plan, string planPath)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(planPath))!;
        return plan with { Tasks = [.. plan.Tasks.Select(task => Resolve(task, task.FullFile is null ? directory : Path.GetDirectoryName(task.FullFile)!))] };
    }

    private static PlanFileTask Resolve(PlanFileTask task, string directory) => task with
    {
        Request = task.Request is null ? null : Resolve(task.Request, directory),
        Template = task.Template is null ? null : task.Template with { Complete = request => Resolve(request, directory) },
    };

    private static object Resolve(object request, string directory) =>
        request is UploadFile upload ? upload with { Path = Path.Combine(directory, upload.Path.Value) } : request;
}
