using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>Store files and deploy them to hosts.</summary>
public static partial class FileOperations
{
    internal static OperationFamily Family => new([Upload, List, Get, Delete, Deploy, Status, Undeploy, DownloadUrl, Extract, UpdateDirectory, UpdateLink, UpdateAttributes, DeletePath, Stat, Content, UpdateLine, UpdateBlock, Replace]) { Read = [Permissions.FileRead], Write = [Permissions.FileWrite], Admin = [Permissions.FileContent] };
}

/// <summary>Calls of the file family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class FileClient(IOperationInvoker invoker);

[JsonSerializable(typeof(UploadFile)), JsonSerializable(typeof(UploadResult))]
[JsonSerializable(typeof(ListFiles)), JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(GetFile)), JsonSerializable(typeof(StoredFile))]
[JsonSerializable(typeof(DeleteFile)), JsonSerializable(typeof(DeleteResult))]
[JsonSerializable(typeof(DeployFile)), JsonSerializable(typeof(DeployResult))]
[JsonSerializable(typeof(GetFileStatus)), JsonSerializable(typeof(FileStatusResult))]
[JsonSerializable(typeof(UndeployFile)), JsonSerializable(typeof(UndeployResult))]
[JsonSerializable(typeof(DownloadUrl)), JsonSerializable(typeof(DownloadResult))]
[JsonSerializable(typeof(ExtractArchive)), JsonSerializable(typeof(ExtractResult))]
[JsonSerializable(typeof(UpdateDirectory)), JsonSerializable(typeof(DirectoryResult))]
[JsonSerializable(typeof(UpdateLink)), JsonSerializable(typeof(LinkResult))]
[JsonSerializable(typeof(UpdateAttributes)), JsonSerializable(typeof(AttributesResult))]
[JsonSerializable(typeof(DeletePath)), JsonSerializable(typeof(DeletePathResult))]
[JsonSerializable(typeof(GetStat)), JsonSerializable(typeof(StatResult))]
[JsonSerializable(typeof(GetContent)), JsonSerializable(typeof(ContentResult))]
[JsonSerializable(typeof(UpdateLine)), JsonSerializable(typeof(UpdateBlock)), JsonSerializable(typeof(ReplaceText)), JsonSerializable(typeof(EditResult))]
internal sealed partial class FileJson : JsonSerializerContext
{
    public static FileJson Requests { get; } = new(JsonConventions.Strict);

    public static FileJson Results { get; } = new(JsonConventions.Lenient);
}
