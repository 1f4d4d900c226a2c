using Osapi.Operations.Files;

namespace Osapi.Plans;

/// <summary>Resolves the local files of a plan relative to the plan file.</summary>
internal static class LocalFiles
{
    public static PlanFile Resolve(PlanFile plan, string planPath)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(planPath))!;
        return plan with { Tasks = [.. plan.Tasks.Select(task => task with { Request = Resolve(task.Request, directory) })] };
    }

    private static object Resolve(object request, string directory) =>
        request is UploadFile upload ? upload with { Path = Path.Combine(directory, upload.Path.Value) } : request;
}
