using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Client;

/// <summary>
/// Creates the body of a request with a local file: multipart/form-data (RFC 7578), plain members first, so that the controller can
/// validate them before the content.
/// </summary>
internal static class FormMessage
{
    public static MultipartFormDataContent Create(Operation operation, object request, JsonElement members)
    {
        MultipartFormDataContent form = [];
        foreach (var property in operation.RequestInfo.Properties)
            if (property.PropertyType != typeof(LocalFile) && !operation.Route.QueryMembers.Contains(property.Name) && OperationMessage.TextOf(members, property.Name) is { } text)
                form.Add(new StringContent(text), Quoted(property.Name));
        foreach (var property in operation.RequestInfo.Properties)
            if (property.Get!(request) is LocalFile file)
                form.Add(new FileHttpContent(file, property.Name), Quoted(LocalFile.Part), Quoted(LocalFile.Part));
        return form;
    }

    // The framework writes names without quotes, which not every parser of forms accepts.
    private static string Quoted(string name) => $"\"{name}\"";
}
