using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Client;

/// <summary>A request that carries a local file: multipart/form-data (RFC 7578), its plain members first, so that they can be judged before the content.</summary>
internal static class FormMessage
{
    public static MultipartFormDataContent Create(Operation operation, object request, JsonObject members)
    {
        MultipartFormDataContent form = [];
        foreach (var property in operation.RequestInfo.Properties)
            if (property.PropertyType != typeof(LocalFile) && OperationMessage.TextOf(members[property.Name]) is { } text)
                form.Add(new StringContent(text), Quoted(property.Name));
        foreach (var property in operation.RequestInfo.Properties)
            if (property.Get!(request) is LocalFile file)
                form.Add(Content(file, property.Name), Quoted(LocalFile.Part), Quoted(LocalFile.Part));
        return form;
    }

    private static StreamContent Content(LocalFile file, string member)
    {
        try
        {
            StreamContent content = new(file.Open());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ValidationException($"{member}: {file} cannot be read: {Reason(file, exception)}");
        }
    }

    private static string Reason(LocalFile file, Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        // Which the framework calls a lack of permission.
        _ when Directory.Exists(file.Value) => "it is a directory",
        _ => exception.Message,
    };

    // The framework writes names bare, which not every reader of forms takes.
    private static string Quoted(string name) => $"\"{name}\"";
}
