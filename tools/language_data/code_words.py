"""The project's own lists of code for `build_terms.py`: jargon, names of files, units, SQL, commands, packages.

Written by hand from general knowledge; no labelled reply went into them. Reported false alarms, which the tests hold,
were checked off against them, and the few words that were missing added. Each list says its mark in `terms.txt`.
"""

from __future__ import annotations

# `k`: words of programming that are no keyword of a language, but are written like one.
JARGON = """
argv argc kwargs stdlib hover goroutine goroutines coroutine coroutines boilerplate localhost whitespace usestate
useeffect usememo usecallback useref innerhtml textcontent queryselector addeventlistener settimeout localstorage
flexbox subgrid grid-area breakpoint breakpoints viewport favicon iframe iframes tooltip tooltips dropdown popup modal
dark-mode kebab-case camelcase snake_case pascalcase uppercase lowercase tree-shaking code-splitting lazy-loading
hot-reload composable composables hook hooks props prop ref refs slot getter getters setter setters mixin mixins
callback callbacks todo fixme xxx wip lgtm readme changelog lockfile monorepo polyfill polyfills shim lint linter
linters debounce throttle memo memoize polyfilled reflog stash rebase rebased cherry-pick squash push commit commits
merge upstream downstream origin head master main staging diff patch hotfix bugfix blame bisect checkout submodule
submodules gitignore tarball tarballs bundler bundlers sourcemap sourcemaps root sudo daemon daemons cron crontab
prompt stdin stdout stderr tty pty pid ppid uid gid umask inode inodes symlink symlinks hardlink mountpoint initramfs
initrd grub dracut chroot cgroup cgroups namespace hostname username userland userspace loopback proxy socket sockets
ping traceroute whois endpoint endpoints payload payloads webhook webhooks websocket websockets middleware middlewares
nonce hash hashes csrf xss cors jwt oauth openid utf-8 utf-16 utf8 ascii unicode latin1 cp1251 koi8-r windows-1251
iso-8859-1 iso-8859-5 base64 base32 octal regex regexp regexes glob globs wildcard eof bom crlf lf cr nbsp null nul
nil nan inf infinity void undefined none foo bar baz qux foobar lorem ipsum dolor amet consectetur adipiscing elit
helloworld bigint varchar nvarchar int4 int8 uint8 uint16 uint32 uint64 int16 int32 int64 float32 float64 bfloat16 fp8
fp16 fp32 int1 q4_0 q4_k_m q5_k_m q8_0 gguf ggml gptq awq exl2 exl3 bnb lora qlora rlhf dpo ppo sft rag moe llm llms
vlm slm gpt tokenizer tokenizers detokenizer embedding embeddings logits logit softmax relu gelu swiglu sigmoid tanh
dropout batchnorm layernorm rmsnorm autoregressive seq2seq encoder decoder backbone kv-cache kv prompts few-shot
zero-shot one-shot chain-of-thought top_p top-p top_k top-k min_p min-p typical_p repetition_penalty max_tokens
system_prompt chatml checkpoint checkpoints epoch epochs minibatch overfit overfitting underfitting learning_rate
adamw sgd rmsprop adagrad f1-score auc roc mse mae rmse frontend front-end backend back-end fullstack full-stack
devops devsecops mlops sre ci cd ci/cd qa ux ui uikit mvp poc crud rest restful soap rpc grpc graphql odata orm dao
dto mvc mvvm spa pwa ssr ssg csr isr seo cms crm erp saas paas iaas faas cdn dns dhcp nat vlan vpn lan wan wlan ssid
tcp udp icmp igmp arp bgp ospf rip eigrp ipsec ipv4 ipv6 mac mtu http https ftp sftp ftps ssh telnet smtp imap pop3
ldap ldaps ntp snmp syslog samba smb cifs nfs iscsi rdp vnc tls ssl quic spdy webrtc sip rtp rtsp rtmp hls mqtt amqp
stomp coap xmpp irc
""".split()  # noqa: SIM905 - a table of words

# `k`: extensions and names of files.
FILE_KINDS = """
env webp avif jpeg jpg png gif svg bmp ico tiff tif heic psd ai eps pdf djvu epub mobi fb2 doc docx odt rtf txt md mdx
rst adoc tex xls xlsx ods csv tsv ppt pptx odp mp3 mp4 m4a m4v avi mkv mov wmv flv webm ogg oga ogv wav flac aac opus
wma midi zip rar 7z tar gz bz2 xz zst tgz iso img dmg deb rpm apk ipa exe msi dll so dylib bat cmd ps1 sh bash zsh py
pyc pyi ipynb whl js mjs cjs jsx ts tsx vue svelte html htm xhtml css scss sass less styl json json5 jsonc jsonl yaml
yml toml ini cfg conf config properties xml xsd xsl xslt wsdl sql sqlite db mdb dbf parquet avro orc feather c cc cpp
cxx h hpp hxx cs fs vb java jar kt kts scala groovy gradle swift m rb erb php phtml pl pm lua r rmd jl hs ex exs erl
hrl clj cljs elm dart asm s wat wasm proto thrift graphql tf tfvars hcl dockerfile makefile cmake vagrantfile
jenkinsfile gemfile rakefile procfile readme gitignore gitattributes gitmodules dockerignore editorconfig npmrc nvmrc
babelrc eslintrc prettierrc bashrc zshrc bash_profile htaccess htpasswd fstab passwd sudoers resolv.conf sshd_config
authorized_keys known_hosts id_rsa id_ed25519 pem crt cer csr p12 pfx asc gpg sig tmp bak swp pid min.js d.ts
package.json package-lock.json tsconfig.json requirements.txt pyproject.toml setup.py setup.cfg cargo.toml go.mod
pom.xml build.gradle composer.json docker-compose.yml compose.yaml nginx.conf php.ini my.cnf postgresql.conf
safetensors ckpt pth onnx pt gguf h5 pkl npz npy ttf otf woff woff2 eot srt vtt ssa torrent lnk url ics vcf eml msg
pst stl obj fbx gltf glb dwg dxf stp iges blend gcode aab plist mobileprovision
""".split()  # noqa: SIM905

# `k`: units and values of style sheets, and signs of measurement that stay Latin beside Russian words.
UNITS = """
px rem em vw vh vmin vmax dvh svh lvh ch pt pc cm mm fr deg rad grad ms s hz khz mhz ghz dpi dpcm dppx ppi kb mb gb tb
pb kib mib gib tib bps kbps mbps gbps fps rpm kwh db dbm lux cd ev pcs
""".split()  # noqa: SIM905

# `k`: words of SQL that grammars of other dialects than PostgreSQL's have, and of other languages in capitals.
SQL_MORE = """
rebuild reorganize identity identity_insert go nolock rowlock updlock tablock top pivot unpivot outer apply merge
output inserted deleted nvarchar varchar2 number sysdate rownum rowid dual minus connect prior nocycle decode nvl nvl2
isnull ifnull auto_increment unsigned zerofill engine innodb myisam charset utf8mb4 tinyint smallint mediumint bigint
datetime tinytext mediumtext longtext tinyblob mediumblob longblob bit uniqueidentifier datetime2 datetimeoffset
smalldatetime money smallmoney ntext image rowversion hierarchyid sql_variant clob nclob bfile binary_float
binary_double long show describe explain analyze vacuum reindex upsert replace ignore straight_join force use kill
flush handler delimiter elseif elsif endif iterate leave loop repeat until exit signal resignal raise raiserror throw
try catch begin commit rollback savepoint tran transaction print waitfor goto perform package body bulk collect forall
pls_integer aggregate sequence nextval currval lastval serial bigserial smallserial jsonb json bytea inet cidr macaddr
tsvector tsquery uuid hstore ltree replication publication subscription concurrently tablespace fillfactor not_null
count sum avg min max coalesce nullif greatest least row_number rank dense_rank ntile lag lead first_value last_value
string_agg array_agg group_concat listagg json_agg jsonb_agg stuff concat substring substr trim ltrim rtrim upper
lower initcap length len charindex instr locate position lpad rpad round floor ceil ceiling trunc abs mod power sqrt
rand random now getdate curdate current_timestamp dateadd datediff datepart date_trunc date_format to_char to_date
to_number cast convert try_cast try_convert parse format iif choose exists any some all between like ilike similar
""".split()  # noqa: SIM905

# `c`: commands and daemons whose name is an English word, or that no list names.
COMMANDS = """
journald timesyncd networkd cat head tail sort cut find make kill top less more touch mount umount man watch screen
which whereis who whoami time date test yes echo sleep wait export source alias unalias history jobs exit read trap
set unset shift printf seq tee tr wc uniq join paste split csplit fold fmt expand unexpand nl od xxd hexdump strings
file stat ls dir vdir cp mv rm ln mkdir rmdir mkfifo mknod chmod chown chgrp chattr lsattr chroot df du dd sync
truncate install basename dirname realpath readlink pwd cd pushd popd dirs env printenv id groups users last lastlog
uptime free vmstat iostat mpstat sar ps pstree pgrep pkill killall nice renice nohup disown bg fg at batch cron crond
crontab anacron systemctl journalctl service systemd init telinit runlevel shutdown reboot halt poweroff login logout
su sudo visudo passwd chpasswd useradd usermod userdel adduser deluser groupadd groupmod groupdel addgroup chage
getent hostname hostnamectl timedatectl localectl loginctl uname arch lsb_release dmesg modprobe insmod rmmod lsmod
modinfo depmod lspci lsusb lscpu lsblk lsmem lshw dmidecode blkid fdisk cfdisk sfdisk parted gparted mkfs fsck e2fsck
tune2fs resize2fs xfs_repair xfs_growfs btrfs zfs zpool lvm pvcreate vgcreate lvcreate lvextend mdadm smartctl hdparm
badblocks losetup swapon swapoff mkswap quota ulimit sysctl ip ifconfig ifup ifdown route arp ping ping6 traceroute
tracepath mtr netstat ss nc netcat ncat socat telnet ssh sshd ssh-keygen ssh-copy-id ssh-agent ssh-add scp sftp rsync
rclone curl wget dig nslookup host whois tcpdump tshark wireshark nmap iptables ip6tables iptables-save nft nftables
ufw firewalld firewall-cmd fail2ban ethtool iw iwconfig nmcli nmtui networkctl resolvectl dhclient dhcpd named bind
unbound dnsmasq httpd nginx apache2 apachectl a2ensite a2enmod lighttpd caddy haproxy varnish squid traefik envoy
postfix sendmail exim dovecot vsftpd proftpd smbd nmbd nfsd rpcbind ntpd chronyd chronyc slapd sssd cupsd atd acpid
udevd udevadm dbus rsyslogd syslogd auditd mysqld mysql mysqldump mysqladmin mariadb psql pg_dump pg_restore pg_ctl
pgbench createdb dropdb redis-server redis-cli mongod mongosh mongodump sqlite3 etcd etcdctl consul vault nomad docker
dockerd docker-compose podman buildah skopeo containerd runc crictl ctr kubectl kubeadm kubelet kube-proxy
kube-apiserver minikube helm kustomize k3s k9s kind istioctl oc ansible ansible-playbook terraform terragrunt packer
vagrant virsh qemu kvm vboxmanage lxc lxd apt apt-get apt-cache apt-key aptitude dpkg dpkg-reconfigure yum dnf rpm
zypper pacman yay emerge apk brew port snap flatpak nix pkg opkg tar gzip gunzip bzip2 xz zstd zip unzip rar unrar
cpio ar ranlib objdump objcopy nm strip ldd ldconfig readelf strace ltrace gdb lldb valgrind perf gcc clang cc ld as
cmake ninja meson autoconf automake configure libtool pkg-config bison flex yacc lex ctags git gitk gitea gitlab
gerrit hg svn cvs diff patch cmp comm grep egrep fgrep zgrep ripgrep rg ag ack sed awk gawk mawk perl bc dc jq yq fzf
fd bat exa xargs parallel locate updatedb tree ncdu htop btop atop iotop iftop nethogs glances lsof fuser tmux byobu
expect script vi vim nvim nano emacs micro mcedit mc ranger most view vimdiff bash sh zsh fish ksh csh tcsh dash pwsh
powershell cmd wsl openssl gpg certbot acme.sh keytool ssh-keyscan getfacl setfacl getenforce setenforce semanage
restorecon chcon aa-status node npm npx yarn pnpm bun deno nvm python python3 pip pip3 pipx venv virtualenv conda
poetry uv ruff black flake8 isort mypy pylint pytest tox nox ruby gem bundle bundler rake rails irb php composer
artisan java javac javap mvn maven gradle ant sbt scala kotlinc go gofmt rustc cargo rustup dotnet nuget msbuild swift
xcodebuild pod flutter dart adb fastboot logcat gcloud aws az doctl heroku vercel netlify wrangler gh glab ffmpeg
ffprobe ffplay mpv mplayer vlc sox lame convert mogrify identify imagemagick inkscape gimp pandoc latex pdflatex
xelatex lualatex bibtex latexmk koboldcpp koboldai llama.cpp llama-server llama-cli llama-quantize ollama vllm sglang
exllama exllamav2 exllamav3 tabbyapi lmstudio text-generation-webui aliyun sillytavern comfyui automatic1111
stable-diffusion-webui forge invokeai langchain llamaindex unsloth axolotl peft bitsandbytes flash-attn xformers
deepspeed accelerate ipconfig ipconfig.exe tasklist taskkill schtasks netsh diskpart chkdsk sfc dism bcdedit bootrec
gpupdate gpresult regedit msconfig services.msc cmd.exe explorer.exe robocopy xcopy del copy move ren cls attrib
icacls takeown wmic winget choco scoop runas sc net msiexec regsvr32 svchost svchost.exe lsass explorer zlib zlib1g
libcurl libuv libpng libjpeg libxml2 glibc musl libstdc++ ncurses readline boost qt gtk sdl2 opengl vulkan cuda cudnn
rocm
""".split()  # noqa: SIM905

# `c`: libraries and packages whose name is an English word (or two), known under it: they stand in small letters.
PACKAGES = """
requests click rich black flask django fastapi pandas numpy scipy celery fabric invoke scrapy selenium playwright
pillow twisted tornado bottle sanic starlette uvicorn gunicorn pydantic attrs six pluggy wheel setuptools packaging
arrow pendulum faker hypothesis mock nose coverage bandit safety dask ray polars seaborn plotly bokeh altair streamlit
gradio keras jax spacy gensim transformers datasets diffusers accelerate evaluate optimum tokenizers loguru structlog
tenacity kombu dramatiq huey orator peewee pony alembic express koa hapi fastify nest next nuxt gatsby remix astro
svelte vue react preact solid lit alpine ember backbone angular mobx redux recoil zustand jotai immer axios got ky
superagent lodash underscore ramda rxjs moment dayjs luxon chalk commander yargs inquirer ora jest mocha chai sinon
karma jasmine vitest ava tape cypress puppeteer webpack rollup parcel esbuild vite snowpack turbopack turbo gulp grunt
bower browserify babel eslint prettier stylelint husky lerna nx rush nodemon pm2 forever winston pino bunyan morgan
debug dotenv passport mongoose sequelize prisma knex typeorm drizzle bookshelf helmet cors multer sharp canvas three
phaser pixi matter socket.io ws pug jade handlebars mustache nunjucks ejs sass less stylus postcss autoprefixer
tailwind tailwindcss bootstrap bulma foundation storybook styled-components emotion formik zod yup joi ajv classnames
clsx uuid nanoid bcrypt bcryptjs bluebird async q hibernate spring struts junit mockito lombok jackson gson guava
netty jetty tomcat undertow quarkus micronaut vert.x rails sinatra puma unicorn sidekiq devise rspec capybara nokogiri
laravel symfony twig doctrine eloquent phpunit guzzle monolog tokio serde actix axum rocket warp hyper rayon clap
anyhow thiserror nom diesel gin echo fiber cobra viper gorm
""".split()  # noqa: SIM905
