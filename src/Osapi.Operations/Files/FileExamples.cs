namespace Osapi.Operations.Files;

/// <summary>The values shared by the examples of the family.</summary>
internal static class FileExamples
{
    public const string Sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    public const string EditRights = "reading the file, writing to its directory; root to keep its owner";

    public static StoredFile Stored => new("app.conf.tmpl", Sha256, 1024, FileContentType.Template);
}
