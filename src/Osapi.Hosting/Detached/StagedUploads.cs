using Osapi.Client;
using Osapi.Controller.Runs.Detached;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Orchestrator;

namespace Osapi.Hosting.Detached;

/// <summary>The calls of a detached plan. A file that it uploads comes from what was handed over, never from this machine.</summary>
internal sealed class StagedUploads(OsapiClient client, DetachedRun run) : IOperationInvoker
{
    /// <inheritdoc/>
    public async Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        if (request is not UploadFile upload)
            return await client.SendAsync(operation, request, target, options, cancellationToken);
        var staged = run.Inputs.Uploads.FirstOrDefault(file => file.Path == upload.Path.Value) ?? throw new TaskFailedException($"the file {upload.Path} was not handed over with the plan");
        await using var content = await run.Open(staged, cancellationToken) ?? throw new TaskFailedException($"the content of {upload.Path}, which was handed over with the plan, is gone or was changed");
        return await client.SendAsync(operation, upload with { Path = LocalFile.Of(content) }, target, options, cancellationToken);
    }
}
