using System.Security.Cryptography;
using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Orchestrator;

/// <summary>
/// Turns every call into a check: hosts say what they would change and change nothing, what would be stored is compared with
/// what is stored, and what else would act on the controller is not called. Given to a plan as
/// <see cref="PlanOptions.Invoker"/>, its operation tasks only look; what cannot be known beforehand counts as changed.
/// Functions of the plan run as ever.
/// </summary>
/// <param name="invoker">What carries the calls.</param>
public sealed class CheckingInvoker(IOperationInvoker invoker) : IOperationInvoker
{
    private static readonly JsonElement NobodyKnows = JsonElement.Parse("""{"check":{"changed":null}}""");
    private static readonly JsonElement Changes = JsonElement.Parse("""{"check":{"changed":true}}""");
    private static readonly JsonElement Nothing = JsonElement.Parse("""{"check":{"changed":false}}""");

    /// <inheritdoc/>
    public Task<OperationReply> InvokeAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation switch
        {
            { RunsOn: RunsOn.Controller } when request is UploadFile upload => CheckAsync(upload, cancellationToken),
            { RunsOn: RunsOn.Controller, Idempotency: not Idempotency.ReadOnly } => Task.FromResult(new OperationReply(NobodyKnows)),
            _ => invoker.InvokeAsync(operation, request, target, (options ?? new()) with { Check = operation.RunsOn == RunsOn.Host }, cancellationToken),
        };
    }

    // The content stays here; only what is known of the stored file is asked.
    private async Task<OperationReply> CheckAsync(UploadFile upload, CancellationToken cancellationToken)
    {
        string sha256;
        var content = upload.Path.Open();
        await using (content.ConfigureAwait(false))
            sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken).ConfigureAwait(false));
        try
        {
            var stored = await invoker.InvokeAsync(FileOperations.Get, new() { Name = upload.Name }, cancellationToken).ConfigureAwait(false);
            if (stored.Sha256 == sha256 && stored.ContentType == (upload.ContentType ?? FileContentType.Raw))
                return new(Nothing);
            return upload.Force == true
                ? new(Changes)
                : throw new TaskFailedException($"file {upload.Name} is stored already and differs; only force would replace it");
        }
        catch (NotFoundException)
        {
            return new(Changes);
        }
    }
}
