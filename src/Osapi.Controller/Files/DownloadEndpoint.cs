using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Controller.Files;

/// <summary>Streams the content of a stored file.</summary>
internal sealed class DownloadEndpoint(FileStore store)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (Text.TryParse<ObjectName>(PathMembers.Of(context.Request, "name")) is not { } name)
        {
            await ProblemBody.WriteAsync(context, [new("name", "must be " + Text.RuleOf<ObjectName>().Description)]);
            return;
        }

        var (info, content) = await store.OpenAsync(name, context.RequestAborted);
        await using (content)
        {
            context.Response.ContentType = "application/octet-stream";
            context.Response.ContentLength = content.CanSeek ? content.Length : info.Size;
            // Never displayed within the controller's origin, whatever the content is.
            context.Response.Headers.ContentDisposition = "attachment";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.ETag = new EntityTagHeaderValue($"\"{info.Sha256}\"").ToString();
            if (!HttpMethods.IsHead(context.Request.Method))
                await content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
