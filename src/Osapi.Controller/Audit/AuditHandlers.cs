using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Audit;
using Osapi.Transport;

namespace Osapi.Controller.Audit;

/// <summary>The handlers of the audit operations.</summary>
internal sealed class AuditHandlers(AuditChain chain, AuditReader reader, AuditVerification verification, ITransport transport) : IDisposable
{
    // It reads and hashes everything.
    private readonly SemaphoreSlim verifying = new(1, 1);

    public Task<AuditList> ListAsync(ListAudit request, HttpContext context)
    {
        var cursor = AuditCursor.Parse(request.Cursor) ?? throw new OperationException(ErrorType.Invalid, "cursor: is not the next_cursor of a page");
        var page = reader.Page(request, request.Limit ?? 20, cursor, context.RequestAborted);
        return Task.FromResult(new AuditList { TotalItems = reader.Count(), Items = page.Items, NextCursor = page.Next });
    }

    public Task<AuditDetail> GetAsync(GetAudit request, HttpContext context) =>
        request.Id.TryGetPlace(out var name, out var number) && reader.Find(name, number) is { } entry
            ? Task.FromResult(new AuditDetail(entry))
            : throw new OperationException(ErrorType.NotFound, $"audit entry not found: {request.Id}");

    public async Task<AuditVerdict> VerifyAsync(VerifyAudit request, HttpContext context)
    {
        await verifying.WaitAsync(context.RequestAborted);
        try
        {
            // What the writer knows: a tail that was cut while it runs is found as well.
            var head = await chain.FlushAsync();
            return await Task.Run(() => verification.RunAsync(transport, head, context.RequestAborted), context.RequestAborted);
        }
        finally
        {
            verifying.Release();
        }
    }

    public void Dispose() => verifying.Dispose();
}
