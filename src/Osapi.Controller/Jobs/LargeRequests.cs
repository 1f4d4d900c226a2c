using Microsoft.AspNetCore.Http;
using Osapi.Controller.Limits;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Keeps requests that are too large for a message in objects: that of the record as long as the job, and one with secrets until the job is over.</summary>
/// <remarks>An object is stored before the record that names it. What no record names is removed by <see cref="RequestSweep"/>.</remarks>
internal sealed class LargeRequests(ITransport transport, LargeResponses large)
{
    // The rest of a message is for the names of hosts and files.
    private int MaxInlineSize => Math.Min(RequestObjects.MaxInlineSize, transport.MaxMessageSize / 2);

    /// <summary>Stores the request of a new job where it must be an object.</summary>
    /// <param name="record">The record, with the request as it is recorded.</param>
    /// <param name="request">The whole request, with the secrets that the record lacks.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The record, and what the commands have.</returns>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async ValueTask<(JobRecord Record, RequestContent Content)> StoreAsync(JobRecord record, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        RequestContent content = new(request);
        if (record.Request.Length > MaxInlineSize)
        {
            var stored = await RequestObjects.PutAsync(transport, record.Id, record.Request, cancellationToken);
            record = record with { Request = RequestObjects.Placeholder, RequestObject = stored };
            if (record.SecretsCode is null)
                content = RequestContent.Of(stored);
        }

        if (record.SecretsCode is not null && request.Length > MaxInlineSize)
        {
            var whole = await RequestObjects.PutAsync(transport, record.Id, request, cancellationToken);
            record = record with { SecretObject = whole.Name };
            content = RequestContent.Of(whole);
        }

        return (record, content);
    }

    /// <summary>Reads the request of a record; null when its object is gone, or not what was stored.</summary>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(JobRecord record, CancellationToken cancellationToken) => FindAsync(new RequestContent(record.Request, record.RequestObject), cancellationToken);

    /// <summary>Reads the request of a record for a response, in which it counts as a large one.</summary>
    /// <exception cref="LimitException">There are too many large responses.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(JobRecord record, HttpContext context)
    {
        if (record.RequestObject is not null)
            await large.EnterAsync(context);
        return await FindAsync(record, context.RequestAborted);
    }

    /// <summary>Reads a request; null when its object is gone, or not what was stored.</summary>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(RequestContent content, CancellationToken cancellationToken)
    {
        if (content.Object is not { } stored)
            return content.Bytes;
        try
        {
            return await RequestObjects.ReadAsync(transport, stored, cancellationToken);
        }
        catch (DamagedObjectException)
        {
            return null;
        }
    }

    /// <summary>Removes the objects of a record that did not become a job. What cannot be removed is left to the sweep.</summary>
    public async Task RemoveAsync(JobRecord record)
    {
        try
        {
            foreach (var name in record.RequestObjectNames)
                await transport.Requests.DeleteAsync(name, CancellationToken.None);
        }
        catch (TransportException)
        {
            // The sweep.
        }
    }
}
