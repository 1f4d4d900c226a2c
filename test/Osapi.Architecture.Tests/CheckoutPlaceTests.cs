using System.Diagnostics;

namespace Osapi.Architecture.Tests;

/// <summary>
/// Tests that the location of the repository changes nothing: a project's kind follows from its path inside it.
/// </summary>
public sealed class CheckoutPlaceTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("src/project")]
    [InlineData("test/src/src")]
    [InlineData("with space/src/it's")]
    public async Task Only_product_projects_are_checked_for_native_compilation(string place)
    {
        var directory = Directory.CreateTempSubdirectory("osapi-place-");
        try
        {
            var copy = Path.Combine(directory.FullName, place);
            foreach (var file in (string[])["global.json", .. Directory.EnumerateFiles(Sources.Repository, "Directory.*.props", SearchOption.TopDirectoryOnly), "src/Directory.Build.props", "test/Directory.Build.props", "src/Osapi.Agent/Osapi.Agent.csproj", "test/Osapi.Agent.Tests/Osapi.Agent.Tests.csproj", "examples/QuickStart/QuickStart.csproj"])
            {
                var to = Path.Combine(copy, Path.GetRelativePath(Sources.Repository, Path.Combine(Sources.Repository, file)));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(Path.Combine(Sources.Repository, file), to);
            }

            Assert.Equal("true", await PropertyAsync(copy, "src/Osapi.Agent/Osapi.Agent.csproj"));
            Assert.Equal("", await PropertyAsync(copy, "test/Osapi.Agent.Tests/Osapi.Agent.Tests.csproj"));
            Assert.Equal("", await PropertyAsync(copy, "examples/QuickStart/QuickStart.csproj"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<string> PropertyAsync(string copy, string project)
    {
        ProcessStartInfo start = new("dotnet", ["msbuild", project, "-getProperty:IsAotCompatible", "-nologo"]) { WorkingDirectory = copy, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, output);
        return output.Trim();
    }
}
