namespace Osapi.Operations.Packages;

/// <summary>The parts that the examples share.</summary>
internal static class PackageExamples
{
    public const string RepositoryPath = "/etc/apt/sources.list.d/osapi-acme.sources";

    public const string Rights = "root, which scripts of packages run as";
}
