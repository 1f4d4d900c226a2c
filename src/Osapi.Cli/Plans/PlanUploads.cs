using System.Security.Cryptography;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Plans;

namespace Osapi.Cli.Plans;

/// <summary>Stores the local files that a plan uploads, for a controller that runs the plan.</summary>
internal static class PlanUploads
{
    /// <summary>Returns the full paths of the files, and a problem for each task whose file is not known before the plan runs.</summary>
    public static (IReadOnlyList<string> Paths, IReadOnlyList<string> Problems) Of(PlanFile plan, string planPath)
    {
        List<string> paths = [];
        List<string> problems = [];
        foreach (var task in plan.SelectedTasks)
            if (!LocalFiles.TryGetUpload(task, planPath, out var path))
                problems.Add($"--detach: the file that task '{ControlCharacters.Escape(task.Name)}' uploads is known only while the plan runs, and cannot be handed over");
            else if (path is not null && !paths.Contains(path))
                paths.Add(path);
        return (paths, problems);
    }

    /// <summary>Stores the files.</summary>
    /// <exception cref="CommandException">A file cannot be read.</exception>
    public static async Task<IReadOnlyList<StagedFile>> StoreAsync(OsapiClient client, RunId run, IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        List<StagedFile> staged = [];
        foreach (var path in paths)
            try
            {
                await using FileStream content = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
                StagedFile file = new(path, Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)));
                content.Position = 0;
                var stored = await client.File.UploadAsync(file.NameIn(run), content, cancellationToken: cancellationToken);
                staged.Add(stored.Sha256 == file.Sha256 ? file : throw new IOException("it was changed while it was read"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw CommandException.BadInput([$"{ControlCharacters.Escape(path)} cannot be read: {exception.Message}"]);
            }

        return staged;
    }
}
