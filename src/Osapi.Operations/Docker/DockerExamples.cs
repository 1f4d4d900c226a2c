namespace Osapi.Operations.Docker;

/// <summary>The values shared by the examples of the family.</summary>
internal static class DockerExamples
{
    public const string Id = "4f1e97748d489e604e6961003b4606a18c99b5050f9f54473c1884b0acb1f073";
    public const string Image = "registry.example.com/web:1.4";
    public const string ImageId = "sha256:ec11034949105d132ccd20b9b7002efdfbc7e54396dfd47e3126076245fa032e";
    public const string Digest = "sha256:e623f7570def223e09344cfe72d4377db1fb1398abd0db979e8511f5b0f3df10";

    public static readonly DateTimeOffset Created = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
}
