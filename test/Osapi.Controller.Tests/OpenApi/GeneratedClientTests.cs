using System.Net.Http.Headers;
using NJsonSchema.CodeGeneration.CSharp;
using Osapi.Controller.OpenApi;
using Osapi.Controller.Tests.Embedded;
using Osapi.Hosting;
using Osapi.Operations;

namespace Osapi.Controller.Tests.OpenApi;

/// <summary>Tests of a generated client against a real system.</summary>
public sealed class GeneratedClientTests : NodeTest
{
    // A program of a user of the generated client: it only compiles when the types are right.
    private const string Program = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Net.Http;
        using System.Threading.Tasks;

        namespace Generated;

        public static class Program
        {
            public static async Task<string[]> RunAsync(HttpClient http, string directory)
            {
                GeneratedClient client = new(http);
                List<string> lines = [];

                lines.Add((await client.Health_ready_getAsync()).Status);
                var hostname = await client.Node_hostname_getAsync("_any", null, null, null, null, null);
                HostnameResultEntry entry = hostname.Results.Single();
                lines.Add($"{entry.Hostname} {entry.Outcome} {entry.Status} {entry.Os_hostname!.Length > 0}");
                Guid job = hostname.Job_id;
                lines.Add((await client.Job_getAsync(job)).Status.ToString()!);
                long? total = (await client.Node_memory_getAsync("web-01", null, null, null, null, null)).Results.Single().Memory!.Total;
                lines.Add((total > 0).ToString()!);
                var exec = await client.Command_exec_executeAsync("_all", null, null, null, null, null, new ExecCommand { Command = "printf", Args = ["%s", "made by a generator"] });
                lines.Add(exec.Results.Single().Stdout!);
                var shell = await client.Command_shell_executeAsync("_any", true, null, null, null, null, new ShellCommand { Command = "true" });
                lines.Add($"{shell.Results.Single().Check!.Changed is null}");
                using MemoryStream content = new("port = 80\n"u8.ToArray());
                var uploaded = await client.File_uploadAsync(null, null, "app.conf", new FileParameter(content, "app.conf"), FileContentType.Raw);
                lines.Add($"{uploaded.Name} {uploaded.Size} {uploaded.Changed}");
                var deployed = await client.File_deploy_executeAsync(
                    "web-01", null, null, null, null, null, new DeployFile { Object_name = "app.conf", Path = $"{directory}/app.conf", Content_type = FileContentType.Raw });
                lines.Add($"{deployed.Changed} {deployed.Path == deployed.Results.Single().Path} {File.ReadAllText(deployed.Path!)}");
                lines.Add((await client.File_status_getAsync("web-01", null, null, null, null, null, new GetFileStatus { Path = $"{directory}/app.conf" })).Results.Single().Status!);
                lines.Add((await client.Agent_listAsync()).Agents!.Single().Hostname!);
                lines.Add($"{(await client.Agent_drainAsync("web-01", null, new DrainAgent { Reason = "repair" })).Check is null}");
                lines.Add($"{(await client.Agent_undrainAsync("web-01", true)).Check!.Changed}");
                lines.Add($"{(await client.Job_cancelAsync(job, null)).Cancelled}");
                await client.Job_deleteAsync(job, null);
                try
                {
                    await client.Job_getAsync(job);
                }
                catch (ApiException<Problem> exception)
                {
                    lines.Add($"{exception.StatusCode} {exception.Result.Status}");
                }

                return [.. lines];
            }
        }
        """;

    [Fact]
    public async Task A_client_made_by_NSwag_with_its_other_library_compiles() =>
        GeneratedClient.Compile("Other", await GeneratedClient.SourceAsync(OpenApiDocument.Text(OperationCatalog.Default, "0.0.0"), CSharpJsonLibrary.SystemTextJson, Token));

    [Fact]
    public async Task A_client_made_by_NSwag_calls_operations()
    {
        var source = await GeneratedClient.SourceAsync(OpenApiDocument.Text(OperationCatalog.Default, "0.0.0"), CSharpJsonLibrary.NewtonsoftJson, Token);
        var assembly = GeneratedClient.Compile("Generated", source, Program);
        var run = assembly.GetType("Generated.Program")!.GetMethod("RunAsync")!.CreateDelegate<Func<HttpClient, string, Task<string[]>>>();

        await using var system = await OsapiNode.StartAsync(Options with { Controller = new() { Urls = [new("http://127.0.0.1:0")] } }, Token);
        using HttpClient http = new() { BaseAddress = new(system.Urls.Single()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken.Of(State));

        Assert.Equal(
            [
                "ready", "web-01 Ok ok True", "Completed", "True", "made by a generator", "True", "app.conf 10 True", "True True port = 80\n", "in-sync", "web-01", "True", "True", "False", "404 404",
            ],
            await run(http, directory));
    }
}
